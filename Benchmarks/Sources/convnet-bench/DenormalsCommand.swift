import ArgumentParser

/// `convnet-bench denormals`.
struct DenormalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "denormals",
        abstract:
            "Training on near-zero weights beside normal ones, and what denormals cost without flushing."
    )

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.run { effort, show in try show(DenormalsBenchmark(effort: effort).section()) }
    }
}
