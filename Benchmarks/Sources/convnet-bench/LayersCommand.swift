import ArgumentParser

/// `convnet-bench layers`.
struct LayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers",
        abstract: "The time of each layer of a network."
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "The network: \(BenchmarkNetwork.names).")
    var model = BenchmarkNetwork.mnist

    @Option(
        help: ArgumentHelp(
            "The pictures in a batch. (default: 128, 64, or 16 of the large ones)",
            valueName: "n"
        )
    )
    var batch: Int?

    func validate() throws {
        if let batch, batch < 1 { throw ValidationError("--batch must be at least 1") }
    }

    func run() throws {
        try common.run { effort, show in
            let batch = batch ?? Self.batch(of: model)
            let benchmark = LayersBenchmark(effort: effort, network: model, batch: batch)
            for section in try benchmark.sections() { try show(section) }
        }
    }

    /// The batch size unless one is given.
    static func batch(of network: BenchmarkNetwork) -> Int {
        network == .mnist ? 128 : network.trainingBatches[0]
    }
}
