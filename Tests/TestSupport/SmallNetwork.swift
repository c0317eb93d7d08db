import SwiftConvNet

/// A small network and data for it: what tests of saving, loading and predicting share.
public enum SmallNetwork {
    public static func make(seed: UInt64 = 7, threads: Int = 2) throws -> Sequential {
        try Sequential(
            inputShape: [8, 8, 1],
            name: "small",
            seed: seed,
            options: ComputeOptions(threads: threads)
        ) {
            Conv2D(filters: 4, kernelSize: 3, activation: .leakyReLU(negativeSlope: 0.1))
            MaxPooling2D(poolSize: 2)
            Flatten()
            Dense(units: 12, activation: .relu, kernelInitializer: .heNormal)
            Dropout(rate: 0.3)
            Dense(units: 3, activation: .softmax, name: "out")
        }
    }

    public static func images(_ count: Int = 50) throws -> Tensor {
        var random = RandomStream(seed: 3, purpose: .shuffle, 1)
        return try Tensor(shape: [count, 8, 8, 1]) { _ in Float(random.nextWord() >> 8) / Float(1 << 24) }
    }

    public static func labels(_ count: Int = 50) -> Labels { Labels((0..<count).map { Int32($0 * 7 % 3) }) }

    /// A network that has been trained for two epochs.
    public static func trained(threads: Int = 2) throws -> Sequential {
        let model = try make(threads: threads)
        try model.compile(
            optimizer: .adam(learningRate: 0.01),
            loss: .sparseCategoricalCrossentropy(),
            metrics: [.accuracy]
        )
        try train(model, epochs: 2)
        return model
    }

    public static func train(_ model: Model, epochs: Int, after initialEpoch: Int = 0) throws {
        try model.fit(
            images(),
            labels(),
            batchSize: 16,
            epochs: epochs,
            verbose: .silent,
            initialEpoch: initialEpoch
        )
    }
}

extension Tensor {
    /// The bits of all elements, which tell apart what `==` does not.
    public var bits: [UInt32] { elements.map(\.bitPattern) }
}
