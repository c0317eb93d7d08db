import Experiments
import Foundation
import SwiftConvNet
import Testing

/// Random architectures, trained and asked for predictions on 1 to 8 workers. `SWIFTCONVNET_ARCHITECTURES` says how many there are, 60 if
/// it is not set; `SWIFTCONVNET_ARCHITECTURE_SEED` with which seed to begin.
@Suite("Same bits: random architectures")
struct SameBitsPropertyTests {
    private static func number(_ name: String, or fallback: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? fallback
    }

    private static let first = number("SWIFTCONVNET_ARCHITECTURE_SEED", or: 1)
    private static let count = number("SWIFTCONVNET_ARCHITECTURES", or: 60)

    /// What is drawn.
    enum Family: CaseIterable {
        case images, windows, operators

        func experiment(_ seed: UInt64) throws -> Experiment {
            switch self {
            case .images: try Experiment(randomSeed: seed)
            case .windows: try Experiment(windowsSeed: seed)
            case .operators: try Experiment(operatorsSeed: seed)
            }
        }
    }

    @Test(
        "weights, history, predictions and gradients have the same bits on 1 to 8 workers, and on every run",
        arguments: Family.allCases
    )
    func sameBits(family: Family) throws {
        for seed in Self.first..<(Self.first + Self.count) {
            let experiment = try family.experiment(UInt64(seed))
            let expected = try experiment.run(threads: 1)
            // Each number of workers comes up in every seven architectures; one worker runs again, too.
            for threads in [1, 2, 3 + seed % 6] {
                let found = try experiment.run(threads: threads)
                for (expected, found) in zip(expected.parts, found.parts) {
                    #expect(
                        found.items == expected.items,
                        "\(expected.name), \(threads) workers: \(experiment)"
                    )
                }
            }
        }
    }

    @Test("every loss with its metrics has the same bits on 1 to 8 workers")
    func sameBitsOfCriteria() throws {
        // All losses twice, once with weights of samples.
        for seed in 1...42 as ClosedRange<UInt64> {
            let experiment = try Experiment(criteriaSeed: seed)
            let expected = try experiment.run(threads: 1)
            let found = try experiment.run(threads: 2 + Int(seed) % 7)
            for (expected, found) in zip(expected.parts, found.parts) {
                #expect(found.items == expected.items, "\(expected.name): \(experiment)")
            }
        }
    }

    @Test("every layer, loss, metric and optimizer of the library comes up, and every seed has other bits")
    func coverage() throws {
        // Layers that came after the first random architectures have a network of their own, so that those stay as they are.
        var kinds = try SameBitsNormalizationTests.kinds().union(SameBitsMovingTests.kinds())
            .union(ApplicationTests.kinds()).union(TransformModelTests.kinds())
        for seed in 1...60 as ClosedRange<UInt64> {
            kinds.formUnion(try Experiment(randomSeed: seed).kinds)
            kinds.formUnion(try Experiment(windowsSeed: seed).kinds)
            kinds.formUnion(try Experiment(criteriaSeed: seed).kinds)
            kinds.formUnion(try Experiment(operatorsSeed: seed).kinds)
        }
        let all: [String] =
            BuiltInLayers.types.map { $0.kind } + BuiltInLosses.types.map { $0.kind }
            + BuiltInMetrics.types.map { $0.kind } + BuiltInOptimizers.types.map { $0.kind }
        #expect(Set(all).subtracting(kinds) == [])
        let one = try Experiment(randomSeed: 1).run(threads: 1)
        let other = try Experiment(randomSeed: 2).run(threads: 1)
        for (one, other) in zip(one.parts, other.parts) { #expect(one.items != other.items, "\(one.name)") }
    }

    @Test("Stages that run alone, as in a replay, have the bits of training: losses of random architectures")
    func isolated() throws {
        for seed in 1...12 {
            let experiment = try Experiment(randomSeed: UInt64(seed))
            let model = try experiment.model(threads: nil)
            let batch = Array(0..<experiment.batchSize)
            let replay = try NonFiniteCase(
                model,
                batch,
                of: experiment.data,
                weights: SampleWeights(),
                epoch: 1,
                batch: 1
            ).replay()
            let all = try model.trainOnSubset(experiment.data, batch)
            let sum = replay.losses.reduce(0) { $0 + Double($1) }
            #expect(sum / Double(batch.count) == all, "\(experiment)")
        }
    }
}

extension Model {
    /// The loss of one step on some samples of a dataset.
    fileprivate func trainOnSubset(_ data: ArrayDataset, _ samples: [Int]) throws -> Double? {
        try fit(Subset(data, samples), batchSize: samples.count, verbose: .silent, shuffle: false)
            .epochs.first?.values.loss
    }
}
