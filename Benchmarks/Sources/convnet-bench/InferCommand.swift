import ArgumentParser

/// `convnet-bench infer`.
struct InferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infer",
        abstract: "Throughput and latency of predictions."
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "The network: \(BenchmarkNetwork.names).")
    var model = BenchmarkNetwork.mnist

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Other batch sizes.", valueName: "n"))
    var batch: [Int] = []

    func validate() throws {
        if batch.contains(where: { $0 < 1 }) { throw ValidationError("--batch must be at least 1") }
    }

    func run() throws {
        try common.run { effort, show in
            let batches = batch.isEmpty ? nil : batch
            try show(InferBenchmark(effort: effort, network: model, batches: batches).section())
        }
    }
}
