import ArgumentParser

/// `convnet-bench memory`.
struct MemoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "The peak memory of training."
    )

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.run { effort, show in try show(MemoryBenchmark(effort: effort).section()) }
    }
}
