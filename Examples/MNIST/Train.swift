import ArgumentParser
import ConvNetDatasets
import ConvNetReports
import Foundation
import SwiftConvNet

/// `mnist train`, and `mnist` alone: from the data to a saved network, with curves and pictures on the way.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains the network, tests it, and saves it with its curves and pictures."
    )

    @OptionGroup(title: "Training") var training: TrainingOptions
    @OptionGroup(title: "Checkpoints") var checkpoints: CheckpointOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        processor.prepare()
        let console = Console(printing)
        let folder = try ReportFolder(training.output, remedy: "Name another one with --output")

        let dataset = try data.load(reportingTo: console)
        let samples = try oneImagePerClass(of: dataset)
        console.show(samples, title: "One training image of each class:")
        let sheet = ImageGrid(title: "Samples of \(dataset.name)", images: samples)
        try folder.write(sheet.svg(), as: "samples.svg")

        let run = try DigitTraining(training, on: dataset, computing: processor.computeOptions)
        let model = run.model
        console.say(
            try model.summary(
                batchSize: run.batchSize,
                lineLength: console.width,
                characters: console.characters
            ) + "\n\n"
        )

        let history = try Interruption.catching {
            try run.fit(
                verbose: console.verbosity,
                callbacks: [EpochReporter(console: console, folder: folder), Interruption()],
                nonFinite: .stop(savingCaseIn: folder.path),
                checkpoint: checkpoints.interval,
                at: checkpoints.folder,
                resume: checkpoints.resume
            )
        }
        if history.isInterrupted { try leave(console) }
        let curves = LearningCurves(history, title: "Training on \(dataset.name)")
        console.say(curves.text(for: console))
        try folder.write(curves.svg, as: "history.svg")

        let test = try TestResult(of: model, on: dataset)
        console.say(test.table(for: console))
        console.emit(JSONLine(event: "evaluation", ["loss": test.loss, "accuracy": test.accuracy]))
        try folder.write(test.confusion.svg(title: "\(dataset.name), test images"), as: "confusion.svg")

        let indices = someIndices(below: dataset.test.count)
        let predictions = try Prediction.ofTestImages(indices, in: dataset, by: model)
        let pictures = predictions.map(\.picture)
        console.show(pictures, title: "Random test images, and what the network takes them for:")
        for prediction in predictions { console.emit(prediction.line) }
        try folder.write(ImageGrid(title: "Predictions", images: pictures).svg(), as: "predictions.svg")

        let path = folder.path(of: "mnist.safetensors")
        try model.save(to: path)
        try run.manifest(history, dataset: data.dataset).write(to: folder.path(of: "run.json"))
        console.emit(JSONLine(event: "saved", ["path": path]))
        console.conclude(test.summary)
        console.conclude("The network, its history and the pictures are in \(folder.path)/")
        try console.finish()
    }

    /// Says what has been kept of a run that a signal has ended, and how to go on; ends the program.
    private func leave(_ console: Console) throws {
        let signal = Interruption.signalNumber ?? SIGTERM
        let command = checkpoints.folder == nil ? nil : resumeCommand()
        console.emit(
            JSONLine(
                event: "interrupted",
                [
                    "signal": Interruption.name(signal), "checkpoint": checkpoints.folder,
                    "resume": command,
                ]
            )
        )
        Console.note(
            command.map { "A checkpoint is written. To go on:\n\($0)" }
                ?? "Nothing of the run is kept; with --checkpoint FOLDER it could go on."
        )
        throw ExitCode(Interruption.exitCode(signal))
    }

    /// The first training image of each class, with the name of the class.
    private func oneImagePerClass(of dataset: LoadedDataset) throws -> [CaptionedImage] {
        try dataset.classNames.enumerated().compactMap { label, name in
            try dataset.train.labels?.firstIndex(of: label).map {
                CaptionedImage(try Bitmap(dataset.train, at: $0), caption: name)
            }
        }
    }

    /// Ten places of the test set, or all if there are fewer; drawn from the seed, in order.
    private func someIndices(below count: Int) -> [Int] {
        var random = RandomStream(seed: training.seed, purpose: .user)
        return random.permutation(of: count).prefix(10).sorted()
    }
}
