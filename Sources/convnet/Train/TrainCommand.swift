import ArgumentParser
import ConvNetInterop
import ConvNetReports
import Foundation
import SwiftConvNet

/// `convnet train`: trains a new model, or a file's.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains a network by its name or description, or fine-tunes a model of any format.",
        discussion: """
            The model is a file of any format, a description in JSON as Model.toJSON() writes it, or one of \
            \(KnownApplication.all.map(\.name).joined(separator: ", ")). A description and a name begin with new weights, or with those of \
            --weights. Of a file that holds the state of training, training goes on as it says, unless options say otherwise.

            EXAMPLES
              convnet train lenet5 --data mnist --epochs 3 --output digits.safetensors
              convnet train pets.onnx --data pictures/ --classes 5
              convnet train resnet18 --weights resnet18.pt --data pictures/ \\
                --classes 5 --freeze-until avgpool --output pets.safetensors
              convnet train network.json --data data.npz --optimizer sgd

              # a run that can be interrupted by Ctrl-C, and goes on by the second command
              convnet train resnet18 --data cifar10 --checkpoint run
              convnet train resnet18 --data cifar10 --checkpoint run --resume
            """
    )

    @Argument(help: ModelOptions.sourceHelp, completion: .file())
    var model: String

    @Option(
        help: ArgumentHelp("Where the trained model goes; the ending says the format.", valueName: "file"),
        completion: .file()
    )
    var output = "model.safetensors"

    @Option(
        help: ArgumentHelp(
            "The number of classes; a model of a file, or with --weights, gets a new last layer for them.",
            valueName: "n"
        )
    )
    var classes: Int?

    @Option(
        help: ArgumentHelp(
            "The layer up to which, it included, layers do not learn; of a file, or with --weights.",
            valueName: "name"
        )
    )
    var freezeUntil: String?

    @Option(
        help: ArgumentHelp("A folder for the curves: history.csv and history.svg.", valueName: "folder"),
        completion: .directory
    )
    var report: String?

    @OptionGroup(title: "Training") var training: OptimizerOptions
    @OptionGroup(title: "Checkpoints") var checkpoints: CheckpointOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Pixels") var pixels: PixelOptions
    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        if let classes { try require(2...1_000_000, classes, "--classes") }
        let isNew = !NamedPath(path: model).isFile && options.weights == nil
        if freezeUntil != nil, isNew, KnownApplication(named: model) != nil {
            throw ValidationError("--freeze-until would keep new weights: name a file, or give --weights.")
        }
        guard ModelFormat(endingOf: output)?.isWritten == true else {
            throw ValidationError("--output must end as one of \(ModelFormat.written), not \"\(output)\".")
        }
    }

    func run() throws {
        let console = Console(printing)
        let file = OutputFile(output)
        try file.requirePlace()
        let folder = try report.map { try ReportFolder($0, remedy: "Name another one with --report") }
        let trained = try TrainedModel(model, classes: classes, self)
        console.tell(trained.notes)
        let network = trained.model, samples = trained.data
        if network.learningRate != nil, trained.isUnchanged, training.changesRateAlone {
            network.learningRate = training.learningRate
        } else if network.learningRate == nil || !trained.isUnchanged || training.isExplicit {
            let criterion = try Criterion(training.loss, for: network, samples.training)
            try network.compile(optimizer: training.rule, loss: criterion.loss, metrics: criterion.metrics)
        }
        // Hours of training must not end in a format that refuses a layer.
        try file.tryOut(network)
        let parts = try self.parts(of: samples)
        let count = parts.validation.map { " and \($0.count) for validation" } ?? ""
        console.remark("\(samples.name): \(parts.training.count) samples\(count)")
        console.emit(
            JSONLine(
                event: "training",
                [
                    "model": network.name, "parameters": network.parameterCount,
                    "trainable": network.trainableParameterCount, "data": samples.name,
                    "samples": parts.training.count, "validation_samples": parts.validation?.count,
                ]
            )
        )
        let history = try fit(network, parts, console, folder)
        if history.isInterrupted { try leave(console) }
        if let folder { try history.plot(to: folder.path(of: "history.svg")) }
        try network.save(to: output)
        if let last = history.epochs.last { console.say("\(last.values)") }
        console.remark("The model is in \(output)")
        console.emit(JSONLine(event: "saved", ["path": output]))
        try console.finish()
    }

    /// What is trained on, and what each epoch is validated on.
    private struct Parts {
        let training: any Dataset
        let validation: (any Dataset)?
    }

    private func parts(of data: LabeledData) throws -> Parts {
        guard training.validationSplit > 0 else {
            return Parts(training: data.training, validation: data.test)
        }
        let hasClasses = data.training.fields.contains { $0.role == .target && $0.element == .int32 }
        let (samples, held) = try data.training.halves(
            validation: training.validationSplit,
            seed: training.seed,
            stratified: hasClasses
        )
        return Parts(training: samples, validation: held)
    }

    private func fit(_ network: Model, _ parts: Parts, _ console: Console, _ folder: ReportFolder?) throws
        -> History
    {
        let logger = folder.map { CSVLogger($0.path(of: "history.csv")) }
        let callbacks: [(any Callback)?] = [logger, EpochLines(console), Interruption()]
        return try Interruption.catching {
            try network.fit(
                parts.training,
                batchSize: min(training.batchSize, max(parts.training.count, 1)),
                epochs: training.epochs,
                verbose: console.verbosity,
                callbacks: callbacks.compactMap { $0 },
                validationData: parts.validation,
                checkpoint: checkpoints.interval,
                at: checkpoints.folder,
                resume: checkpoints.resume
            )
        }
    }

    /// Says what has been kept of a run that a signal has ended, and how to go on; ends the program.
    private func leave(_ console: Console) throws {
        let signal = Interruption.signalNumber ?? SIGTERM
        console.emit(
            JSONLine(
                event: "interrupted",
                ["signal": Interruption.name(signal), "checkpoint": checkpoints.folder]
            )
        )
        Console.note(
            checkpoints.folder == nil
                ? "Nothing of the run is kept; with --checkpoint FOLDER it could go on."
                : "A checkpoint is written. To go on, give the same command with --resume."
        )
        throw ExitCode(128 + signal)
    }
}

/// A line for each epoch: of `--json`, or for people where no bar is shown.
private final class EpochLines: Callback {
    private let console: Console

    init(_ console: Console) { self.console = console }

    var receivesBatches: Bool { false }

    func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan(let run):
            guard let resumption = run.resumption else { return }
            console.emit(
                JSONLine(event: "resumed", ["epoch": resumption.epoch, "batch": resumption.batch])
            )
        case .epochEnded(let epoch):
            if console.verbosity == .silent { console.remark("Epoch \(epoch.epoch): \(epoch.values)") }
            console.emit(
                JSONLine(
                    event: "epoch",
                    [
                        "epoch": epoch.epoch, "seconds": epoch.seconds,
                        "samples_per_second": epoch.samplesPerSecond,
                        "values": epoch.values.record,
                    ]
                )
            )
        case .epochBegan, .batchEnded, .trainingEnded: break
        }
    }
}

extension Dataset {
    /// The dataset in two parts, as `split(validation:seed:stratified:)` makes them.
    fileprivate func halves(validation: Double, seed: UInt64, stratified: Bool) throws -> (
        any Dataset, any Dataset
    ) {
        let (training, held) = try split(validation: validation, seed: seed, stratified: stratified)
        return (training, held)
    }
}
