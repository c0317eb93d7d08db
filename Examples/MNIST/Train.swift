import ArgumentParser
import ConvNetDatasets
import ConvNetReports
import SwiftConvNet

/// `mnist train`, and `mnist` alone: from the data to a saved network, with curves and pictures on the way.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains the network, tests it, and saves it with its curves and pictures.")

    @OptionGroup(title: "Data") var data: DataOptions

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
            "The share of the training images, 0..<1, to validate on; 0 validates on the test images.",
            valueName: "share"))
    var validationSplit = 0.0

    @OptionGroup(title: "Processor") var processor: ProcessorOptions

    @Option(
        help: ArgumentHelp("The folder for the network, the history and the pictures.", valueName: "folder"))
    var output = "mnist-output"

    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        try require(1...1_000_000, epochs, "--epochs")
        try require(1...1_000_000, batchSize, "--batch-size")
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be a number above 0, not \(learningRate).")
        }
        guard (0..<1).contains(validationSplit) else {
            throw ValidationError("--validation-split must be in 0..<1, not \(validationSplit).")
        }
        if output.isEmpty { throw ValidationError("--output must name a folder.") }
    }

    func run() throws {
        processor.prepare()
        let console = Console(printing)
        let folder = try OutputFolder(output)

        let dataset = try data.load(reportingTo: console)
        let samples = try oneImagePerClass(of: dataset)
        console.show(samples)
        let sheet = ImageGrid(title: "Samples of \(dataset.name)", images: samples)
        try folder.write(sheet.svg(), as: "samples.svg")

        let model = try makeNetwork(seed: seed, options: processor.computeOptions)
        try model.compile(
            optimizer: .adam(learningRate: LearningRate(learningRate)),
            loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        let batchSize = min(batchSize, dataset.train.count)
        console.say(model.summary(batchSize: batchSize))

        let history = try model.fit(
            dataset.train, epochs: epochs, batchSize: batchSize,
            validationData: validationSplit == 0 ? dataset.test : nil, validationSplit: validationSplit,
            callbacks: [EpochReporter(console: console, folder: folder)], verbose: console.verbosity)
        let curves = LearningCurves(history, title: "Training on \(dataset.name)")
        console.say(curves.text(for: console))
        try folder.write(curves.svg, as: "history.svg")

        let test = try TestResult(of: model, on: dataset)
        test.report(to: console)
        try folder.write(test.confusion.svg(title: "\(dataset.name), test images"), as: "confusion.svg")

        let indices = tenRandomIndices(below: dataset.test.count)
        let predictions = try Prediction.ofTestImages(indices, in: dataset, by: model)
        predictions.report(to: console)
        let pictures = predictions.map(\.picture)
        try folder.write(ImageGrid(title: "Predictions", images: pictures).svg(), as: "predictions.svg")

        let path = folder.path(of: "mnist.safetensors")
        try model.save(to: path)
        console.emit(JSONLine(event: "saved", ["path": path]))
        console.conclude("The network, its history and the pictures are in \(folder.path)/.")
        try console.finish()
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
    private func tenRandomIndices(below count: Int) -> [Int] {
        var random = RandomStream(seed: seed, purpose: .user)
        return random.permutation(of: count).prefix(10).sorted()
    }
}

/// Checks the number that an option was given.
func require(_ range: ClosedRange<Int>, _ number: Int, _ option: String) throws {
    guard range.contains(number) else {
        throw ValidationError("\(option) must be in \(range), not \(number).")
    }
}
