import ArgumentParser
import SwiftConvNet

/// A rule that changes parameters.
enum OptimizerName: String, ExpressibleByArgument, CaseIterable {
    case adam, adamw, sgd, rmsprop
}

/// Options that say how a model learns.
struct OptimizerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many times training goes through the data.", valueName: "n"))
    var epochs = 5

    @Option(help: ArgumentHelp("The samples of one step.", valueName: "n")) var batchSize = 32

    @Option(
        help: "The rule that changes parameters. (default: that of the model's file; adam)"
    )
    var optimizer: OptimizerName?

    @Option(help: ArgumentHelp("How far it goes in one step. (default: 0.001; sgd: 0.01)", valueName: "rate"))
    var learningRate: Float?

    @Option(help: ArgumentHelp("The momentum of sgd.", valueName: "share")) var momentum: Float = 0.9

    @Option(
        help: "What training makes small; automatic is what the model's file says, or what suits the targets."
    )
    var loss = LossName.automatic

    @Option(
        help: ArgumentHelp(
            "The share of the samples, 0..<1, that validates, drawn by class; at 0 the data's test part does, if there is one.",
            valueName: "share"
        )
    )
    var validationSplit = 0.0

    @Option(help: ArgumentHelp("What all random numbers are drawn from.", valueName: "n")) var seed: UInt64 =
        0

    func validate() throws {
        try require(1...1_000_000, epochs, "--epochs")
        try require(1...1_000_000, batchSize, "--batch-size")
        if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
            throw ValidationError("--learning-rate must be a finite number above 0, not \(learningRate).")
        }
        guard (0..<1).contains(validationSplit) else {
            throw ValidationError("--validation-split must be in 0..<1, not \(validationSplit).")
        }
        guard (0..<1).contains(momentum) else {
            throw ValidationError("--momentum must be in 0..<1, not \(momentum).")
        }
    }

    /// Whether the optimizer and the loss of a file stay, and only the rate is another.
    var changesRateAlone: Bool { learningRate != nil && optimizer == nil && loss == .automatic }

    /// Whether the model is to be compiled as the options say, whatever its file does.
    var isExplicit: Bool { optimizer != nil || learningRate != nil || loss != .automatic }

    /// The rule.
    var rule: any Optimizer {
        let rate = learningRate.map { LearningRate($0) }
        return switch optimizer ?? .adam {
        case .adam: .adam(learningRate: rate ?? 0.001)
        case .adamw: .adamW(learningRate: rate ?? 0.001)
        case .sgd: .sgd(learningRate: rate ?? 0.01, momentum: momentum)
        case .rmsprop: .rmsprop(learningRate: rate ?? 0.001)
        }
    }
}
