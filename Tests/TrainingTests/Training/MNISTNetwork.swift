import SwiftConvNet
import TestSupport

/// The reference network without dropout, its data and first weights by formula: `Tests/Goldens/README.md`.
enum MNISTNetwork {
    static let shapes: [(name: String, shape: [Int], fans: Int)] = [
        ("conv2d/kernel", [3, 3, 1, 32], 9 * 1 + 9 * 32), ("conv2d/bias", [32], 0),
        ("conv2d_1/kernel", [3, 3, 32, 64], 9 * 32 + 9 * 64), ("conv2d_1/bias", [64], 0),
        ("dense/kernel", [1600, 128], 1600 + 128), ("dense/bias", [128], 0),
        ("dense_1/kernel", [128, 10], 128 + 10), ("dense_1/bias", [10], 0),
    ]

    /// The network with random first weights.
    static func make(options: ComputeOptions = ComputeOptions()) throws -> Sequential {
        try Sequential(inputShape: [28, 28, 1], seed: 1, options: options) {
            Conv2D(filters: 32, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Conv2D(filters: 64, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Flatten()
            Dense(units: 128, activation: .relu)
            Dense(units: 10, activation: .softmax)
        }
    }

    /// The first weights of the goldens.
    static func weights() throws -> [(name: String, tensor: Tensor)] {
        try shapes.enumerated().map { index, item in
            let limit = item.fans == 0 ? 0.05 : (6 / Double(item.fans)).squareRoot()
            let values = Golden.uniform(
                stream: UInt32(index + 1),
                count: item.shape.reduce(1, *),
                limit: limit
            )
            return (item.name, try Tensor(values, shape: Shape(item.shape)))
        }
    }

    /// The classes of the first samples.
    static func labels(_ count: Int) -> [Int] {
        (0..<count).map { Int(Golden.bits(stream: 100, index: UInt32($0)) % 10) }
    }

    /// The first samples.
    static func images(_ count: Int) throws -> Tensor {
        let patterns = (0..<490).map { Double(Golden.bits(stream: 101, index: UInt32($0)) % 2) }
        let labels = labels(count)
        return try Tensor(shape: [count, 28, 28, 1]) { destination in
            for place in destination.indices {
                let sample = place / 784, row = place / 28 % 28, column = place % 28
                let pattern = patterns[labels[sample] * 49 + row / 4 * 7 + column / 4]
                let noise = Double(Golden.bits(stream: 102, index: UInt32(place))) / 16_777_216
                destination[place] = Float(0.5 * pattern + 0.5 * noise)
            }
        }
    }
}
