import SwiftConvNet
import TestSupport
import Testing

@Suite("Same bits on any number of workers")
struct WorkerIndependenceTests {
    /// One epoch of 1,000 samples in batches of 64: 8 shards of 8 samples, each in 2 tiles, and a last batch of 40.
    private func train(threads: Int) throws -> Sequential {
        let model = try MNISTNetwork.make(options: ComputeOptions(threads: threads))
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        try model.fit(
            MNISTNetwork.images(1000),
            Labels(MNISTNetwork.labels(1000)),
            batchSize: 64,
            verbose: .silent
        )
        return model
    }

    @Test("one epoch of the MNIST network ends in the same weights, and every worker has done some of it")
    func sameWeights() throws {
        let reference = try train(threads: 1)
        let x = try MNISTNetwork.images(64)
        let expected = reference.store.entries.map { Array($0.parameter.values) }
        #expect(expected.reduce(0) { $0 + $1.count } == 225_034)
        for threads in 2...4 {
            let model = try train(threads: threads)
            let areSame = zip(model.store.entries, expected).allSatisfy { entry, expected in
                entry.parameter.values.map(\.bitPattern) == expected.map(\.bitPattern)
            }
            #expect(areSame, "\(threads) workers")
            #expect(try model.predict(x) == reference.predict(x))
            #expect(try model.engine.workerCount() == threads)
            // On a busy machine a worker may have slept through an epoch; it has not forgotten how to work.
            for _ in 0..<200 where model.engine.unitsPerWorker.contains(0) { _ = try model.predict(x) }
            #expect(model.engine.unitsPerWorker.count == threads)
            #expect(!model.engine.unitsPerWorker.contains(0))
        }
    }

    @Test("another seed ends in other weights")
    func seeds() throws {
        func weights(seed: UInt64) throws -> Tensor {
            let model = try Sequential(inputShape: [4], layers: [Dense(units: 3)], seed: seed)
            return try model.value("dense/kernel")
        }
        #expect(try weights(seed: 1) == weights(seed: 1))
        #expect(try weights(seed: 1) != weights(seed: 2))
    }
}
