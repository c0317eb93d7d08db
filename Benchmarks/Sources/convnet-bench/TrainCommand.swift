import ArgumentParser

/// `convnet-bench train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "The speed of training, in images per second."
    )

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("One network alone: \(BenchmarkNetwork.names).", valueName: "model"))
    var model: BenchmarkNetwork?

    @Option(help: ArgumentHelp("Another batch size.", valueName: "n"))
    var batch: Int?

    func validate() throws {
        if let batch, batch < 1 { throw ValidationError("--batch must be at least 1") }
    }

    func run() throws {
        try common.run { effort, show in
            let networks = model.map { [$0] } ?? BenchmarkNetwork.allCases
            try show(TrainBenchmark(effort: effort, networks: networks, batch: batch).section())
        }
    }
}
