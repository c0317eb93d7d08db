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

    func validate() throws {
        if let threads { try require(1...1024, threads, "--threads") }
    }

    /// How models compute.
    var compute: ComputeOptions { ComputeOptions(threads: threads) }
}

/// Checks the number that an option was given.
func require(_ range: ClosedRange<Int>, _ number: Int, _ option: String) throws {
    guard range.contains(number) else {
        throw ValidationError("\(option) must be in \(range), not \(number).")
    }
}
