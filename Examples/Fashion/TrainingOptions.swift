import ArgumentParser
import SwiftConvNet

/// Options that results depend on: the recipe. `run.json` keeps them, and `verify` reads them there.
struct TrainingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many times training goes through the pictures.", valueName: "n"))
    var epochs = 20

    @Option(help: ArgumentHelp("The number of pictures in one training step.", valueName: "n"))
    var batchSize = 128

    @Option(help: ArgumentHelp("How far AdamW goes in one step after the warm-up.", valueName: "rate"))
    var learningRate: Float = 0.003

    @Option(help: ArgumentHelp("How much kernels shrink in a step, times the rate.", valueName: "share"))
    var weightDecay: Float = 0.05

    @Option(
        help: ArgumentHelp(
            "The part of each target that is shared out to all classes, 0..<1.",
            valueName: "share"
        )
    )
    var labelSmoothing: Float = 0.05

    @Option(help: ArgumentHelp("The part of the features that training drops, 0..<1.", valueName: "share"))
    var dropout: Float = 0.2

    @Option(
        help: ArgumentHelp(
            "How much of the averages of the parameters stays at each step, 0..<1.",
            valueName: "share"
        )
    )
    var averageMomentum: Float = 0.998

    @Option(
        help: ArgumentHelp(
            "The channels of the first stage; each next one has twice as many.",
            valueName: "n"
        )
    )
    var width = 24

    @Option(help: ArgumentHelp("The residual blocks of each of the three stages.", valueName: "n"))
    var blocks = 2

    @Flag(inversion: .prefixedNo, help: "Change the pictures at random while training.")
    var augmentation = true

    @Flag(
        inversion: .prefixedNo,
        help: """
            Hold out the last tenth of the training pictures, report on it, and leave the test pictures \
            alone: to choose a recipe by.
            """
    )
    var validation = false

    @Option(help: ArgumentHelp("What all random numbers are drawn from.", valueName: "n"))
    var seed: UInt64 = 1

    func validate() throws {
        try require(1...100_000, epochs, "--epochs")
        try require(1...100_000, batchSize, "--batch-size")
        try require(1...1024, width, "--width")
        try require(1...64, blocks, "--blocks")
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be a finite number above 0, not \(learningRate).")
        }
        guard weightDecay >= 0, weightDecay.isFinite else {
            throw ValidationError("--weight-decay must be a finite number of at least 0, not \(weightDecay).")
        }
        for (share, option) in [
            (labelSmoothing, "--label-smoothing"), (dropout, "--dropout"),
            (averageMomentum, "--average-momentum"),
        ] {
            guard (0..<1).contains(share) else {
                throw ValidationError("\(option) must be in 0..<1, not \(share).")
            }
        }
    }

    /// The options by their names on the command line.
    var settings: [String: String] {
        [
            "epochs": "\(epochs)", "batch-size": "\(batchSize)", "learning-rate": "\(learningRate)",
            "weight-decay": "\(weightDecay)", "label-smoothing": "\(labelSmoothing)", "dropout": "\(dropout)",
            "average-momentum": "\(averageMomentum)", "width": "\(width)", "blocks": "\(blocks)",
            "augmentation": "\(augmentation)", "validation": "\(validation)", "seed": "\(seed)",
        ]
    }

    /// The options of a manifest.
    static func of(_ manifest: RunManifest) throws -> TrainingOptions {
        let settings = manifest.settings.filter { $0.key != DatasetName.setting }
        return try parse(
            settings.sorted { $0.key < $1.key }.map { name, value in
                switch value {
                case "true": "--\(name)"
                case "false": "--no-\(name)"
                default: "--\(name)=\(value)"
                }
            }
        )
    }
}

extension DatasetName {
    /// What the settings of a manifest call the dataset.
    static let setting = "dataset"
}

/// Checks the number that an option was given.
func require(_ range: ClosedRange<Int>, _ number: Int, _ option: String) throws {
    guard range.contains(number) else {
        throw ValidationError("\(option) must be in \(range), not \(number).")
    }
}
