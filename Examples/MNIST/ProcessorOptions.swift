import ArgumentParser
import SwiftConvNet

/// Options that say how to use the processor. Results do not depend on `--threads`.
struct ProcessorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The number of threads, 1...1024. (default: SWIFTCONVNET_NUM_THREADS, or all processors)",
            valueName: "n"
        )
    )
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            """
            When OPENBLAS_CORETYPE forces OpenBLAS to kernels weaker than the processor's: auto starts again \
            without it, keep only warns.
            """,
            valueName: "choice"
        )
    )
    var blasCore = BLASCore.auto

    @Option(
        help: ArgumentHelp(
            "How convolutions are computed, where the path suits the layer; automatic chooses by shapes.",
            valueName: "path"
        )
    )
    var convolutionPath = ComputeOptions.ConvolutionPath.automatic

    func validate() throws {
        if let threads { try require(1...1024, threads, "--threads") }
    }

    var computeOptions: ComputeOptions {
        ComputeOptions(threads: threads, convolutionPath: convolutionPath)
    }

    /// What every subcommand does before anything else.
    func prepare() {
        blasCore.apply()
        #if DEBUG
            Console.note(
                "This is a debug build, many times slower than a release build: swift run -c release mnist"
            )
        #endif
    }
}

extension ComputeOptions.ConvolutionPath: @retroactive ExpressibleByArgument {}
