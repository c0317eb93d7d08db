import ArgumentParser

/// `convnet-bench scaling`.
struct ScalingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaling",
        abstract: "The speed of training with 1 to N workers."
    )

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.run { effort, show in try show(ScalingBenchmark(effort: effort).section()) }
    }
}
