import ArgumentParser
import BenchmarkCore
import Foundation

/// `convnet-bench all`: a full run, as it goes into `docs/benchmarks`.
struct AllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all",
        abstract: "Everything, into one JSON file, one Markdown file, and a picture for each table.",
        discussion:
            "The peers take part if --python names their environment, the tables of data if there is a folder of pictures."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Pictures") var pictures: PictureOptions
    @OptionGroup(title: "Peers") var peers: PeerOptions

    @Option(
        help: ArgumentHelp(
            "The folder for DATE.json, DATE.md and DATE-*.svg; --json, --markdown and --svg have no use here.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output = "docs/benchmarks"

    func run() throws {
        common.prepare()
        let effort = common.effort
        var setting = Setting.current(threads: effort.threads)
        setting.peakGigaflops = PeakRate.measure(threads: effort.threads) / 1e9
        var report = Report(setting: setting, sections: [])
        Console.say(report.setting.text)
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        func add(_ section: ReportSection) throws {
            report.sections.append(section)
            Console.say(section.text)
            // After each table, so that an interrupted run has left something.
            try write(report)
        }
        try add(GEMMBenchmark(effort: effort).section())
        try add(ConvolutionBenchmark(effort: effort).section())
        for network in effort.isQuick ? [.mnist] : BenchmarkNetwork.allCases {
            let batch = LayersCommand.batch(of: network)
            let layers = LayersBenchmark(effort: effort, network: network, batch: batch)
            for section in try layers.sections() { try add(section) }
        }
        let networks: [BenchmarkNetwork] = effort.isQuick ? [.mnist] : BenchmarkNetwork.allCases
        try add(TrainBenchmark(effort: effort, networks: networks).section())
        for network in networks { try add(InferBenchmark(effort: effort, network: network).section()) }
        try add(StartupBenchmark(effort: effort).section())
        try add(MemoryBenchmark(effort: effort).section())
        try add(ScalingBenchmark(effort: effort).section())
        if !pictures.folders.isEmpty { try pictures.sections(effort, add) }
        guard peers.python != nil else { return }
        for section in try PeersBenchmark(effort: effort, options: peers).all() { try add(section) }
    }

    private func write(_ report: Report) throws {
        let day = report.setting.day
        var pictures: [String: String] = [:]
        for section in report.sections {
            let name = "\(day)-\(section.name.replacing(" ", with: "-")).svg"
            try section.chart.svg(width: 860).write(
                toFile: "\(output)/\(name)",
                atomically: true,
                encoding: .utf8
            )
            pictures[section.name] = name
        }
        try report.json().write(to: URL(fileURLWithPath: "\(output)/\(day).json"), options: .atomic)
        try report.markdown(pictures: pictures)
            .write(toFile: "\(output)/\(day).md", atomically: true, encoding: .utf8)
    }
}
