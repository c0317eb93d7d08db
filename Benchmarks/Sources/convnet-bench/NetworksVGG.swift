import SwiftConvNet

/// A small network after Simonyan and Zisserman (2014), with batch normalisation, for pictures of 32×32.
func makeVGG(_ options: ComputeOptions, seed: UInt64) throws -> Model {
    try Sequential(inputShape: [32, 32, 3], name: "vgg", seed: seed, options: options) {
        for (place, filters) in [64, 64, 128, 128, 256, 256].enumerated() {
            Conv2D(
                filters: filters,
                kernelSize: 3,
                padding: .same,
                useBias: false,
                name: "conv\(place + 1)"
            )
            BatchNormalization(name: "bn\(place + 1)")
            ReLU()
            if place % 2 == 1 { MaxPooling2D(poolSize: 2) }
        }
        Flatten()
        Dense(units: 256, activation: .relu, name: "dense1")
        Dense(units: 10, activation: .softmax, name: "dense2")
    }
}
