import BenchmarkCore
import SwiftConvNet

/// Our side of training: a network that is trained for some steps whenever it is told to.
final class TrainingRun {
    let model: Model
    private let batch: Int
    private let data: ArrayDataset

    /// A network with its data, after two steps that do not count.
    init(_ network: BenchmarkNetwork, batch: Int, options: ComputeOptions) throws {
        self.batch = batch
        model = try network.make(options)
        data = try RandomData.dataset(network, count: max(network.sampleCount, batch))
        _ = try run(steps: 2)
    }

    /// Trains for some steps, an epoch of that length.
    ///
    /// - Returns: the seconds.
    func run(steps: Int) throws -> Double {
        let samples = SampleLoop(data, count: steps * batch)
        return try Stopwatch.seconds { try model.fit(samples, batchSize: batch, verbose: .silent) }
    }
}
