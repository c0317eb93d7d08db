import BenchmarkCore
import Foundation
import SwiftConvNet

/// Our side of inference: a predictor that answers batches, or single requests, whenever it is told to.
final class InferenceRun {
    /// What goes through the predictor at once where a batch is a whole test set.
    private static let largestPart = 256

    let model: Model
    private let predictor: Predictor
    private let batch: Int
    private let batches: [Tensor]

    /// A network with different batches, after three calls that do not count.
    convenience init(_ network: BenchmarkNetwork, batch: Int, options: ComputeOptions) throws {
        let model = try network.make(options)
        try model.randomizeParameters()
        try self.init(model, batch: batch, sampleCount: network.sampleCount)
    }

    /// A model with different batches, after three calls that do not count.
    init(_ model: Model, batch: Int, sampleCount: Int) throws {
        self.batch = batch
        self.model = model
        predictor = try model.predictor()
        let count = min(64, (sampleCount + batch - 1) / batch)
        batches = try (0..<count).map { place in
            try RandomData.tensor(model.inputShape.batched(batch), seed: UInt64(place))
        }
        _ = try run(steps: 3)
    }

    /// Predicts some batches.
    ///
    /// - Returns: the seconds.
    func run(steps: Int) throws -> Double {
        try Stopwatch.seconds {
            for step in 0..<steps {
                _ = try predictor.predict(
                    batches[step % batches.count],
                    batchSize: min(batch, Self.largestPart)
                )
            }
        }
    }

    /// The latencies of single requests, in microseconds, each after a pause.
    func latencies(requests: Int, pauseMilliseconds: Double) throws -> [Double] {
        try (0..<requests).map { request in
            if pauseMilliseconds > 0 { usleep(UInt32(pauseMilliseconds * 1000)) }
            return try Stopwatch.seconds {
                _ = try predictor.predict(batches[request % batches.count], batchSize: min(batch, 256))
            } * 1e6
        }
    }
}
