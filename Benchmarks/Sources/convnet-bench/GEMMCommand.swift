import ArgumentParser

/// `convnet-bench gemm`.
struct GEMMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gemm",
        abstract: "Matrix products by every path, in GFLOP/s."
    )

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.run { effort, show in try show(GEMMBenchmark(effort: effort).section()) }
    }
}
