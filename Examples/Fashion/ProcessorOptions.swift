import ArgumentParser
import SwiftConvNet

/// Options that say how to use the processor. Results do not depend on them.
struct ProcessorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The number of threads, 1...1024. (default: SWIFTCONVNET_NUM_THREADS, or all processors)",
            valueName: "n"
        )
    )
    var threads: Int?

    func validate() throws {
        if let threads { try require(1...1024, threads, "--threads") }
    }

    var computeOptions: ComputeOptions { ComputeOptions(threads: threads) }
}
