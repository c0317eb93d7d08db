import BenchmarkCore

/// The peak memory of a process that trains the MNIST network.
struct MemoryBenchmark {
    let effort: Effort

    /// The pictures that a process holds: all of MNIST's training set, as a user has them.
    static let sampleCount = 60_000

    func section() throws -> ReportSection {
        let runs = effort.isQuick ? 1 : min(effort.repeats, 3)
        let figures = try [32, 128, 512].prefix(effort.isQuick ? 1 : 3).map { batch in
            let measured = try (0..<runs).map { _ in try Self.train(batch: batch, effort) }
            return Figure("batch \(batch)", "peak memory", .megabytes, measured)
        }
        return ReportSection(
            name: "memory",
            title: "Peak memory of training (mnist)",
            rowTitle: "batch",
            charted: .megabytes,
            notes: [
                "median of \(runs) \(runs == 1 ? "process" : "processes"), \(effort.threads) threads",
                "the \(Self.sampleCount) pictures as bytes are 47 MB of it",
            ],
            figures: figures
        )
    }

    /// The peak memory of one process, in megabytes.
    static func train(batch: Int, _ effort: Effort) throws -> Double {
        let steps = effort.isQuick ? 5 : 100
        let measured = try OurProcess.child([
            "train", "--batch", "\(batch)", "--steps", "\(steps)", "--threads", "\(effort.threads)",
        ])
        return Double(measured.peakBytes) / 1e6
    }
}
