import ArgumentParser

/// `convnet-bench gemm`.
struct GEMMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gemm", abstract: "Matrix products by every path, in GFLOP/s.")

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.run { effort, show in show(try GEMMBenchmark(effort: effort).section()) }
    }
}
