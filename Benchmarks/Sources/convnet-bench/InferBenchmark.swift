import BenchmarkCore
import SwiftConvNet

/// Throughput and latency of predictions.
struct InferBenchmark {
    let effort: Effort
    var network = BenchmarkNetwork.mnist
    var batches: [Int]?

    func section() throws -> ReportSection {
        var section = ReportSection(
            name: "infer \(network.rawValue)",
            title: "Predictions of \(network.rawValue)",
            rowTitle: "batch",
            charted: .imagesPerSecond,
            notes: [
                effort.note,
                "Predictor.predict on Tensors; batches of more than 256 go through in parts of 256",
                "1 ms apart: each request after a pause, when the workers have parked",
            ]
        )
        let usual = network == .mnist ? [1, 8, 32, 256, 10_000] : [1, 8, 16, 64]
        for batch in batches ?? (effort.isQuick ? [1, 8] : usual) { section.figures += try figures(batch) }
        return section
    }

    private func figures(_ batch: Int) throws -> [Figure] {
        let run = try InferenceRun(network, batch: batch, options: effort.options)
        let once = try run.run(steps: 3) / 3
        let steps = max(1, Int((effort.isQuick ? 0.01 : 0.5) / once))
        let rates = try (0..<effort.repeats).map { _ in Double(steps * batch) / (try run.run(steps: steps)) }
        var figures = [Figure("\(batch)", "", .imagesPerSecond, rates)]
        let requests = max(20, min(effort.isQuick ? 50 : 5_000, Int(2 / once)))
        for pause in batch == 1 ? [0, 1.0] : [0] {
            let sorted = try run.latencies(requests: requests, pauseMilliseconds: pause).sorted()
            let row = pause == 0 ? "\(batch)" : "\(batch), requests 1 ms apart"
            figures += [
                Figure(row, "p50", .microseconds, [Statistics.quantile(0.5, of: sorted)]),
                Figure(row, "p99", .microseconds, [Statistics.quantile(0.99, of: sorted)]),
            ]
        }
        return figures
    }
}
