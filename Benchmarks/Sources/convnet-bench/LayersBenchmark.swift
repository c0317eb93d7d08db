import BenchmarkCore
import SwiftConvNet

/// Where the time of a batch goes, layer by layer.
struct LayersBenchmark {
    let effort: Effort
    let network: BenchmarkNetwork
    let batch: Int

    func sections() throws -> [ReportSection] { try [.training, .inference].map(section) }

    private func section(_ mode: Site.Mode) throws -> ReportSection {
        let model = try network.make(effort.options)
        let profile = try model.profile(
            batchSize: batch,
            mode: mode,
            repeats: effort.isQuick ? 2 : max(effort.repeats, 10)
        )
        let total = profile.totalSeconds
        var figures: [Figure] = []
        for row in profile.rows {
            let title = row.name + (row.implementation.isEmpty ? "" : " (\(row.implementation))")
            let backward = row.backwardSeconds ?? 0
            for (column, seconds) in [("forward", row.forwardSeconds), ("backward", backward)]
            where mode == .training || column == "forward" {
                figures.append(
                    seconds > 0
                        ? Figure(title, column, .milliseconds, [seconds * 1e3])
                        : Figure(title, column, .milliseconds, missing: "-")
                )
            }
            figures.append(Figure(title, "together", .milliseconds, derived: row.seconds * 1e3))
            figures.append(Figure(title, "share", .share, derived: row.seconds / total))
        }
        figures.append(Figure("sum of the layers", "together", .milliseconds, derived: total * 1e3))
        let whole = try wholePass(model, mode)
        figures.append(Figure("the whole at once", "together", .milliseconds, whole.map { $0 * 1e3 }))
        return ReportSection(
            name: "layers \(network.rawValue) \(mode.rawValue)",
            title: "Layers of \(network.rawValue), \(mode.rawValue)",
            rowTitle: "layer",
            charted: .milliseconds,
            notes: [
                effort.note + ", batch \(batch)",
                "each layer alone, from barrier to barrier; at once, neighbouring layers share the cache",
            ],
            figures: figures
        )
    }

    private func wholePass(_ model: Model, _ mode: Site.Mode) throws -> [Double] {
        let data = try RandomData.dataset(network, count: batch)
        guard mode == .training else {
            let images = try data.images
            return try effort.stopwatch.time { _ = try model.predict(images, batchSize: batch) }
        }
        let images = try data.images
        guard let labels = data.labels else { return [] }
        return try effort.stopwatch.time { _ = try model.trainOnBatch(images, labels) }
    }
}
