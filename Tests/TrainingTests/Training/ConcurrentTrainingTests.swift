import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Models side by side, and cancelled")
struct ConcurrentTrainingTests {
    @Test("two models that train at once in two threads have the bits that each has alone")
    func twoAtOnce() throws {
        @Sendable func train(_ seed: UInt64) throws -> [UInt32] {
            let model = try SmallNetwork.make(seed: seed)
            try model.compile(
                optimizer: .adam(),
                loss: .sparseCategoricalCrossentropy(),
                metrics: [.accuracy]
            )
            try SmallNetwork.train(model, epochs: 20)
            return model.parameters.flatMap { $0.values.bits }
        }
        let expected = try [train(1), train(2)]
        #expect(expected[0] != expected[1])
        let found = Lock<[Int: [UInt32]]>([:])
        DispatchQueue.concurrentPerform(iterations: 2) { place in
            let bits = try? train(UInt64(place + 1))
            found.withLock { $0[place] = bits }
        }
        #expect(found.withLock { [$0[0], $0[1]] } == expected)
    }

    @Test("a cancelled task ends between two steps, with the weights of the last one")
    func cancellation() async throws {
        let task = Task { () -> (wasCancelled: Bool, bits: [UInt32], steps: Int) in
            let model = try SmallNetwork.make()
            try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
            let canceller = LambdaCallback(onBatchEnd: { batch, _ in
                if batch.batch == 3 { withUnsafeCurrentTask { $0?.cancel() } }
            })
            var wasCancelled = false
            do {
                try model.fit(
                    SmallNetwork.images(),
                    SmallNetwork.labels(),
                    batchSize: 10,
                    epochs: 5,
                    verbose: .silent,
                    callbacks: [canceller],
                    shuffle: false
                )
            } catch is CancellationError {
                wasCancelled = true
            }
            return (wasCancelled, model.parameters.flatMap { $0.values.bits }, model.stepCount)
        }
        let result = try await task.value
        #expect(result.wasCancelled && result.steps == 3)
        let reference = try SmallNetwork.make()
        try reference.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        let data = try ArrayDataset(SmallNetwork.images(), SmallNetwork.labels())
        try await reference.fit(Subset(data, 0..<30), batchSize: 10, verbose: .silent, shuffle: false)
        #expect(result.bits == reference.parameters.flatMap { $0.values.bits })
    }
}
