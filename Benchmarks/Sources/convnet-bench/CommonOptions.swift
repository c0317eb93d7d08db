import ArgumentParser
import BenchmarkCore
import Foundation
import SwiftConvNet

/// What all measuring subcommands take.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The number of threads. (default: 2, or the processors if fewer)", valueName: "n")
    )
    var threads: Int?

    @Option(
        help: ArgumentHelp("How often each figure is measured. (default: 5; 2 with --quick)", valueName: "n")
    )
    var repeats: Int?

    @Flag(help: "A smoke run: little of everything, figures worth nothing.")
    var quick = false

    @Flag(help: "Also what takes long and is known to be slow: naive loops on large sizes.")
    var full = false

    @Option(help: ArgumentHelp("Write the figures as JSON, for compare.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write the tables as Markdown.", valueName: "file"))
    var markdown: String?

    @Option(help: ArgumentHelp("Write bar charts as SVG.", valueName: "file"))
    var svg: String?

    @Option(
        help: ArgumentHelp(
            "If OPENBLAS_CORETYPE or OPENBLAS_L2_SIZE is set: auto starts again without, keep leaves them.",
            valueName: "choice"
        )
    )
    var blasCore = BLASCore.auto

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be in 1...1024")
        }
        if let repeats, !(1...1000).contains(repeats) {
            throw ValidationError("--repeats must be in 1...1000")
        }
    }

    /// What the options ask for.
    var effort: Effort {
        Effort(
            threads: threads ?? min(2, ProcessInfo.processInfo.activeProcessorCount),
            repeats: repeats ?? (quick ? 2 : 5),
            isQuick: quick,
            isFull: full
        )
    }

    /// What every subcommand does before anything else.
    func prepare() {
        blasCore.apply()
        if Setting.buildMode == "debug" {
            Console.note(
                "This is a debug build, whose figures mean nothing: swift run -c release --package-path Benchmarks …"
            )
        }
        let load = Setting.currentLoadAverage
        if load > 0.5 {
            Console.note(
                "Something else runs on this machine (load \(Quantity.ratio.text(load))): figures will be too low."
            )
        }
    }

    /// Runs measurements, and prints each table as it is ready; the files are written anew each time, so that a run that
    /// is interrupted leaves something.
    func run(_ measure: (Effort, (ReportSection) throws -> Void) throws -> Void) throws {
        prepare()
        var report = Report(setting: .current(threads: effort.threads), sections: [])
        Console.say(report.setting.text)
        try measure(effort) { section in
            report.sections.append(section)
            Console.say(section.text)
            try write(report)
        }
    }

    /// Writes the files that are asked for.
    func write(_ report: Report) throws {
        if let json { try report.json().write(to: URL(fileURLWithPath: json), options: .atomic) }
        if let markdown { try report.markdown().write(toFile: markdown, atomically: true, encoding: .utf8) }
        if let svg { try report.svg.write(toFile: svg, atomically: true, encoding: .utf8) }
    }
}
