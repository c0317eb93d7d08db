import BenchmarkCore
import SwiftConvNet

/// A whole process: start, load a model from its file, predict one picture, end.
struct StartupBenchmark {
    let effort: Effort

    func section() throws -> ReportSection {
        let runs = effort.isQuick ? 3 : 20
        let figures = try TemporaryFiles.use { folder in
            let file = folder + "/model.safetensors"
            try BenchmarkNetwork.mnist.make(effort.options).save(to: file, includeOptimizer: false)
            return try [
                ("start, load, predict", "predict"), ("start alone", "nothing"),
            ].flatMap { title, work in
                let measured = try (0..<runs).map { _ in
                    try OurProcess.child([work, "--model-file", file, "--threads", "\(effort.threads)"])
                }
                return [
                    Figure(title, "wall time", .milliseconds, measured.map { $0.seconds * 1e3 }),
                    Figure(title, "peak memory", .megabytes, measured.map { Double($0.peakBytes) / 1e6 }),
                ]
            }
        }
        return ReportSection(
            name: "startup",
            title: "From process start to one prediction (mnist)",
            rowTitle: "process",
            charted: .milliseconds,
            notes: ["median of \(runs) processes"],
            figures: figures
        )
    }
}
