import ArgumentParser

/// `convnet-bench conv`.
struct ConvolutionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conv",
        abstract: "Convolutions by every path, in effective GFLOP/s."
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "The pictures in a batch.")
    var batch = 32

    func validate() throws {
        if batch < 1 { throw ValidationError("--batch must be at least 1") }
    }

    func run() throws {
        try common.run { effort, show in
            try show(ConvolutionBenchmark(effort: effort, batch: batch).section())
        }
    }
}
