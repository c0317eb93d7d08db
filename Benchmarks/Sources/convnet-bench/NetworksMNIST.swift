import SwiftConvNet

/// The network of Keras' example "Simple MNIST convnet", with a dense layer of 128 units before the last.
func makeMNIST(_ options: ComputeOptions, seed: UInt64) throws -> Model {
    try Sequential(inputShape: [28, 28, 1], name: "mnist", seed: seed, options: options) {
        Conv2D(filters: 32, kernelSize: 3, activation: .relu, name: "conv1")
        MaxPooling2D(poolSize: 2)
        Conv2D(filters: 64, kernelSize: 3, activation: .relu, name: "conv2")
        MaxPooling2D(poolSize: 2)
        Flatten()
        Dense(units: 128, activation: .relu, name: "dense1")
        Dropout(rate: 0.5)
        Dense(units: 10, activation: .softmax, name: "dense2")
    }
}
