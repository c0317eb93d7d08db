import ArgumentParser
import SwiftConvNet

/// `mnist`: trains the reference network on handwritten digits, and uses it.
@main
struct MNISTCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mnist",
        abstract: "Trains a convolutional network on handwritten digits, and uses it.",
        discussion: "Without a subcommand it trains: mnist --epochs 3. All options: mnist help train.",
        subcommands: [
            Train.self, Evaluate.self, Predict.self, Verify.self, ReplayCommand.self, Doctor.self,
        ],
        defaultSubcommand: Train.self
    )

    static func main() {
        if let reason = OpenBLAS.prepareForLittleAddressSpace() {
            Console.note("Cannot start again with OPENBLAS_NUM_THREADS=1: \(reason).")
        }
        main(nil)
    }
}
