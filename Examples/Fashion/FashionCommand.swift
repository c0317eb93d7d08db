import ArgumentParser
import SwiftConvNet

/// `fashion`: trains a residual network on Fashion-MNIST, or on MNIST, as well as two cores can in an hour and a half.
@main
struct FashionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fashion",
        abstract: "Trains a residual network on pictures of clothes, or of digits.",
        discussion: "Without a subcommand it trains: fashion --seed 1. All options: fashion help train.",
        subcommands: [Train.self, Verify.self],
        defaultSubcommand: Train.self
    )

    static func main() {
        if let reason = OpenBLAS.prepareForLittleAddressSpace() {
            note("Cannot start again with OPENBLAS_NUM_THREADS=1: \(reason).")
        }
        main(nil)
    }
}
