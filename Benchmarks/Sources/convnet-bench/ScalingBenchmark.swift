import BenchmarkCore
import SwiftConvNet

/// The speed of training with one worker, two, and so on.
struct ScalingBenchmark {
    let effort: Effort

    func section() throws -> ReportSection {
        var figures: [Figure] = []
        for (network, batch) in [(BenchmarkNetwork.mnist, 128), (.vgg, 64)] {
            let row = "\(network.rawValue), batch \(batch)"
            let rates = try rates(network, batch)
            for (place, values) in rates.enumerated() {
                let column = place == 0 ? "1 worker" : "\(place + 1) workers"
                figures.append(Figure(row, column, .imagesPerSecond, values))
            }
            let medians = rates.map { Statistics($0).median }
            for (place, median) in medians.enumerated().dropFirst() {
                figures.append(Figure(row, "\(place + 1) / 1", .ratio, derived: median / medians[0]))
            }
        }
        return ReportSection(
            name: "scaling",
            title: "Training with more workers",
            rowTitle: "network",
            charted: .imagesPerSecond,
            notes: ["median of \(effort.repeats) repeats, workers in turn"],
            figures: figures
        )
    }

    /// Images per second, for each number of workers; in turn, so that a machine that slows down slows all.
    private func rates(_ network: BenchmarkNetwork, _ batch: Int) throws -> [[Double]] {
        let runs = try (1...effort.threads).map { workers in
            try TrainingRun(network, batch: batch, options: ComputeOptions(threads: workers))
        }
        let steps: Int =
            switch network {
            case .mnist: effort.isQuick ? 3 : 60
            default: effort.isQuick ? 1 : 6
            }
        var rates = [[Double]](repeating: [], count: runs.count)
        for _ in 0..<effort.repeats {
            for (place, run) in runs.enumerated() {
                rates[place].append(Double(steps * batch) / (try run.run(steps: steps)))
            }
        }
        return rates
    }
}
