import SwiftConvNet

/// Random samples and labels: speed does not depend on what is in a picture.
enum RandomData {
    /// Numbers of [0, 1).
    static func tensor(_ shape: Shape, seed: UInt64 = 1) throws -> Tensor {
        var random = RandomStream(seed: seed, purpose: .user)
        return try Tensor(shape: shape) { values in
            for place in values.indices { values[place] = random.nextUniform() }
        }
    }

    /// Pictures as numbers, with labels.
    static func dataset(_ network: BenchmarkNetwork, count: Int) throws -> ArrayDataset {
        try ArrayDataset(tensor(network.inputShape.batched(count)), labels(count, of: network))
    }

    /// Pictures as bytes, as datasets keep them, with labels.
    static func bytes(_ network: BenchmarkNetwork, count: Int) throws -> ArrayDataset {
        let shape = network.inputShape.batched(count)
        var random = RandomStream(seed: 1, purpose: .user)
        let bytes = (0..<shape.elementCount).map { _ in UInt8(random.nextWord() >> 24) }
        return try ArrayDataset(ByteTensor(bytes, shape: shape), labels(count, of: network))
    }

    private static func labels(_ count: Int, of network: BenchmarkNetwork) -> Labels {
        var random = RandomStream(seed: 2, purpose: .user)
        return Labels((0..<count).map { _ in Int32(random.integer(below: network.classCount)) })
    }
}
