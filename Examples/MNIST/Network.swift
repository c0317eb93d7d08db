import SwiftConvNet

/// The network of Keras' example "Simple MNIST convnet", with a dense layer of 128 units before the last.
func makeNetwork(seed: UInt64, options: ComputeOptions) throws -> Sequential {
    try Sequential(inputShape: [28, 28, 1], name: "mnist", seed: seed, options: options) {
        Conv2D(filters: 32, kernelSize: 3, activation: .relu)
        MaxPooling2D(poolSize: 2)
        Conv2D(filters: 64, kernelSize: 3, activation: .relu)
        MaxPooling2D(poolSize: 2)
        Flatten()
        Dense(units: 128, activation: .relu)
        Dropout(rate: 0.5)
        Dense(units: 10, activation: .softmax)
    }
}
