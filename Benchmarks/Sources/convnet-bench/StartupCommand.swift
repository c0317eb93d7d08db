import ArgumentParser

/// `convnet-bench startup`.
struct StartupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "startup",
        abstract: "From process start to one prediction: time and memory."
    )

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.run { effort, show in try show(StartupBenchmark(effort: effort).section()) }
    }
}
