import BenchmarkCore
import SwiftConvNet

/// The speed of training.
struct TrainBenchmark {
    let effort: Effort
    var networks = BenchmarkNetwork.allCases
    var batch: Int?

    func section() throws -> ReportSection {
        var section = ReportSection(
            name: "train",
            title: "Training",
            rowTitle: "network",
            charted: .imagesPerSecond,
            notes: [
                effort.note,
                "whole steps: gather, forward, backward, Adam; shuffled random pictures",
                "mnist: one epoch of 60,000 a repeat, the pictures kept as bytes",
            ]
        )
        for network in networks {
            for batch in batch.map({ [$0] }) ?? network.trainingBatches {
                section.figures += try figures(network, batch)
            }
        }
        return section
    }

    private func figures(_ network: BenchmarkNetwork, _ batch: Int) throws -> [Figure] {
        let row = "\(network.rawValue), batch \(batch)"
        let steps: Int =
            switch network {
            case .mnist: (effort.isQuick ? 2_000 : 60_000) / batch
            case .vgg: effort.isQuick ? 1 : 16
            case .resnet18, .mobileNetV2, .resNet50: effort.isQuick ? 1 : 4
            }
        let count = max(steps, 1) * batch
        let model = try network.make(effort.options)
        let base =
            network == .mnist
            ? try RandomData.bytes(network, count: effort.isQuick ? 2_000 : 60_000)
            : try RandomData.dataset(network, count: max(network.sampleCount, batch))
        try model.fit(SampleLoop(base, count: 2 * batch), batchSize: batch, verbose: .silent)
        let seconds = try (0..<(network.isLarge ? min(effort.repeats, 3) : effort.repeats)).map { _ in
            try Stopwatch.seconds {
                try model.fit(SampleLoop(base, count: count), batchSize: batch, verbose: .silent)
            }
        }
        var figures = [Figure(row, "", .imagesPerSecond, seconds.map { Double(count) / $0 })]
        if network == .mnist {
            let epochs = seconds.map { $0 / Double(count) * 60_000 }
            figures.append(Figure(row, "epoch of 60,000", .seconds, epochs))
            figures.append(Figure(row, "best epoch", .seconds, derived: epochs.min()))
        }
        return figures
    }
}
