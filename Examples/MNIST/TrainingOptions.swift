import ArgumentParser

/// Options that say how to train, and where the results go.
struct TrainingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many times training goes through the data.", valueName: "n"))
    var epochs = 5

    @Option(help: ArgumentHelp("The number of images in one training step.", valueName: "n"))
    var batchSize = 128

    @Option(help: ArgumentHelp("How far Adam goes in one step.", valueName: "rate"))
    var learningRate: Float = 0.001

    @Option(help: ArgumentHelp("What all random numbers are drawn from.", valueName: "n"))
    var seed: UInt64 = 42

    @Option(
        help: ArgumentHelp(
            "The share of the training images to validate on, 0..<1; with 0 it is the test images.",
            valueName: "share"
        )
    )
    var validationSplit = 0.0

    @Option(
        help: ArgumentHelp("The folder for the network, its history and the pictures.", valueName: "folder"),
        completion: .directory
    )
    var output = "mnist-output"

    func validate() throws {
        try require(1...1_000_000, epochs, "--epochs")
        try require(1...1_000_000, batchSize, "--batch-size")
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be a finite number above 0, not \(learningRate).")
        }
        guard (0..<1).contains(validationSplit) else {
            throw ValidationError("--validation-split must be in 0..<1, not \(validationSplit).")
        }
        if output.isEmpty { throw ValidationError("--output must name a folder.") }
    }
}

/// Checks the number that an option was given.
func require(_ range: ClosedRange<Int>, _ number: Int, _ option: String) throws {
    guard range.contains(number) else {
        throw ValidationError("\(option) must be in \(range), not \(number).")
    }
}
