import Foundation
import SwiftConvNet
import Testing

/// Random architectures, trained and asked on 1 to 8 workers. `SWIFTCONVNET_ARCHITECTURES` says how many there are, 60 if
/// it is not set; `SWIFTCONVNET_ARCHITECTURE_SEED` with which seed to begin.
@Suite("Same bits: random architectures")
struct SameBitsPropertyTests {
    private static func number(_ name: String, or fallback: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? fallback
    }

    private static let first = number("SWIFTCONVNET_ARCHITECTURE_SEED", or: 1)
    private static let count = number("SWIFTCONVNET_ARCHITECTURES", or: 60)

    @Test(
        "weights, history, evaluation and predictions have the same bits on 1 to 8 workers, and on every run")
    func sameBits() throws {
        for seed in Self.first..<(Self.first + Self.count) {
            let architecture = try RandomArchitecture(seed: UInt64(seed))
            let expected = try architecture.run(threads: 1)
            // Each number of workers comes up in every seven architectures; one worker runs again, too.
            for threads in [1, 2, 3 + seed % 6] {
                let found = try architecture.run(threads: threads)
                #expect(
                    found.parameters == expected.parameters, "weights, \(threads) workers: \(architecture)")
                #expect(found.history == expected.history, "history, \(threads) workers: \(architecture)")
                #expect(
                    found.evaluation == expected.evaluation, "figures, \(threads) workers: \(architecture)")
                #expect(
                    found.predictions == expected.predictions,
                    "predictions, \(threads) workers: \(architecture)")
            }
        }
    }

    @Test("every layer, loss, metric and optimizer of the library comes up, and training changes the weights")
    func coverage() throws {
        var kinds: Set<String> = []
        for seed in 1...40 {
            let architecture = try RandomArchitecture(seed: UInt64(seed))
            kinds.formUnion(architecture.kinds)
        }
        let all: [String] =
            BuiltInTypes.layers.map { $0.kind } + BuiltInTypes.losses.map { $0.kind }
            + BuiltInTypes.metrics.map { $0.kind } + BuiltInTypes.optimizers.map { $0.kind }
        #expect(Set(all).subtracting(kinds) == [])
        // What is compared would differ if anything did: another seed of the model alone has other bits.
        let one = try RandomArchitecture(seed: 1).run(threads: 1)
        let other = try RandomArchitecture(seed: 2).run(threads: 1)
        #expect(one != other)
    }

    @Test("Stages that run alone, as in a replay, have the bits of training: losses of random architectures")
    func isolated() throws {
        for seed in 1...12 {
            let architecture = try RandomArchitecture(seed: UInt64(seed))
            let model = try Model(
                graph: architecture.graph, seed: architecture.seed, options: architecture.options)
            try model.compile(optimizer: architecture.optimizer, loss: architecture.loss)
            let batch = Array(0..<architecture.batchSize)
            let replay = try NonFiniteCase(
                model, batch, of: architecture.data, weights: SampleWeights(), epoch: 1, batch: 1
            ).replay()
            let all = try model.trainOnSubset(architecture.data, batch)
            let sum = replay.losses.reduce(0) { $0 + Double($1) }
            #expect(sum / Double(batch.count) == all, "\(architecture)")
        }
    }
}

extension Model {
    /// The loss of one step on some samples of a dataset.
    fileprivate func trainOnSubset(_ data: ArrayDataset, _ samples: [Int]) throws -> Double? {
        try fit(Subset(data, samples), batchSize: samples.count, shuffle: false, verbose: .silent)
            .epochs.first?.values.loss
    }
}
