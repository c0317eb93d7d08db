import ArgumentParser
import ConvNetReports
import SwiftConvNet

/// `fashion train`, and `fashion` alone: from the data to a trained network, and a report on it.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains the network, tests it, and saves it with a report."
    )

    @OptionGroup(title: "Training") var training: TrainingOptions
    @OptionGroup(title: "Data") var data: DataOptions

    @Option(
        help: ArgumentHelp(
            "The folder for checkpoints of the run: with them it can be killed, and resumed.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var checkpoints: String?

    @Option(help: ArgumentHelp("The number of steps from one checkpoint to the next.", valueName: "steps"))
    var checkpointEvery = 200

    @Flag(help: "Go on from the newest checkpoint; without one the run starts from the beginning.")
    var resume = false

    @Option(
        help: ArgumentHelp("The folder for the network, its history and the report.", valueName: "folder"),
        completion: .directory
    )
    var output = "fashion-output"

    @OptionGroup(title: "Processor") var processor: ProcessorOptions

    func validate() throws {
        try require(1...1_000_000_000, checkpointEvery, "--checkpoint-every")
        if checkpoints?.isEmpty == true { throw ValidationError("--checkpoints must name a folder.") }
        if resume, checkpoints == nil {
            throw ValidationError("--resume needs --checkpoints, the folder to go on from.")
        }
        if output.isEmpty { throw ValidationError("--output must name a folder.") }
    }

    func run() throws {
        noteDebugBuild()
        let folder = try ReportFolder(output, remedy: "Name another one with --output")
        let dataset = try data.load()
        let run = try FashionTraining(
            training,
            on: dataset,
            named: data.dataset,
            computing: processor.computeOptions
        )
        say("\(run.model.parameterCount) parameters, \(run.pictures.count) pictures to train on")
        let clock = ContinuousClock(), start = clock.now
        let history = try run.fit(
            callbacks: [CSVLogger(folder.path(of: "history.csv"))],
            checkpoint: checkpoints.map { _ in .every(steps: checkpointEvery) },
            at: checkpoints,
            resume: resume
        )
        try history.plot(to: folder.path(of: "history.svg"), title: "Training on \(dataset.name)")
        // Before anything that could go wrong with the report.
        try run.model.save(to: folder.path(of: "fashion.safetensors"))
        try run.manifest(history).write(to: folder.path(of: "run.json"))

        let judgement = try Judgement(of: run)
        try judgement.write(to: folder, dataset: dataset.name)
        say(judgement.report)
        say("\(judgement.summary); \((clock.now - start).components.seconds) s")
        say("The network, its history and the report are in \(folder.path)/")
    }
}
