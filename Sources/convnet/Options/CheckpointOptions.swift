import ArgumentParser
import SwiftConvNet

/// Options that say how a run survives its process.
struct CheckpointOptions: ParsableArguments {
    @Option(
        name: .customLong("checkpoint"),
        help: ArgumentHelp(
            "The folder for checkpoints of the run: with them it can be interrupted, or killed, and resumed.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var folder: String?

    @Option(help: ArgumentHelp("The number of steps from one checkpoint to the next.", valueName: "steps"))
    var checkpointEvery = 100

    @Flag(help: "Go on from the newest checkpoint; without one the run starts from the beginning.")
    var resume = false

    func validate() throws {
        try require(1...1_000_000_000, checkpointEvery, "--checkpoint-every")
        if folder?.isEmpty == true { throw ValidationError("--checkpoint must name a folder.") }
        if resume, folder == nil {
            throw ValidationError("--resume needs --checkpoint, the folder to go on from.")
        }
    }

    var interval: CheckpointInterval? { folder == nil ? nil : .every(steps: checkpointEvery) }
}
