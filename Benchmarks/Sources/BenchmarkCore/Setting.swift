/// What decides figures besides the code: the machine, the libraries and the build.
package struct Setting: Sendable, Hashable, Codable {
    /// The name that the processor gives itself.
    package var processor: String
    /// The strongest vector instructions of the processor: `AVX-512`.
    package var vectorLevel: String
    /// The processors that the system has, and the threads that were used.
    package var processorCount: Int, threads: Int
    /// The memory of the machine in GiB.
    package var memory: Double
    /// The operating system.
    package var system: String
    /// OpenBLAS' version, the core whose kernels run, and how it spreads its work.
    package var blasVersion: String, blasCore: String, blasParallelModel: String
    /// What of the environment steers OpenBLAS: `OPENBLAS_CORETYPE=Haswell`.
    package var blasVariables: [String]
    /// `release` or `debug`.
    package var buildMode: String
    /// The compiler.
    package var swiftVersion: String
    /// The library's commit, if it is known.
    package var commit: String?
    /// When the run began, ISO 8601, in UTC.
    package var date: String
    /// How many processes were ready to run, on average over a minute, when it began.
    package var loadAverage: Double
    /// The measured peak of the threads used, in GFLOP/s; `nil` where it was not asked for.
    package var peakGigaflops: Double?

    /// The day of the run: `2026-11-22`.
    package var day: String { String(date.prefix(10)) }

    /// The rows of a table about the setting.
    package var lines: [(title: String, value: String)] {
        let variables = blasVariables.isEmpty ? "" : ", with " + blasVariables.joined(separator: " ")
        var lines = [
            ("processor", "\(processor), \(vectorLevel), \(processorCount) processors"),
            ("memory", Quantity.seconds.text(memory) + " GiB"),
            ("system", system),
            ("threads used", "\(threads)"),
            ("OpenBLAS", "\(blasVersion), core \(blasCore), \(blasParallelModel)\(variables)"),
            ("build", "\(buildMode), Swift \(swiftVersion)"),
            ("library", commit ?? "unknown commit"),
            ("date", date),
            ("load when it began", Quantity.ratio.text(loadAverage)),
        ]
        if let peakGigaflops {
            let peak = Quantity.gigaflops.text(peakGigaflops)
            lines.append(("measured peak", "\(peak) GFLOP/s on \(threads) threads"))
        }
        return lines
    }

    /// The setting as text for a terminal.
    package var text: String {
        let width = lines.map(\.title.count).max() ?? 0
        return lines.map { title, value in
            title + String(repeating: " ", count: width - title.count + 2) + value
        }.joined(separator: "\n") + "\n"
    }

    /// The setting as a table in Markdown.
    package var markdown: String {
        "| | |\n|---|---|\n" + lines.map { "| \($0.title) | \($0.value) |\n" }.joined()
    }
}
