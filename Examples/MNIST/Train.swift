import ArgumentParser
import ConvNetDatasets
import ConvNetReports
import SwiftConvNet

/// `mnist train`, and `mnist` alone: from the data to a saved network, with curves and pictures on the way.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains the network, tests it, and saves it with its curves and pictures.")

    @OptionGroup(title: "Training") var training: TrainingOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        processor.prepare()
        let console = Console(printing)
        let folder = try OutputFolder(training.output)

        let dataset = try data.load(reportingTo: console)
        let samples = try oneImagePerClass(of: dataset)
        console.show(samples, title: "One training image of each class:")
        let sheet = ImageGrid(title: "Samples of \(dataset.name)", images: samples)
        try folder.write(sheet.svg(), as: "samples.svg")

        let model = try makeNetwork(seed: training.seed, options: processor.computeOptions)
        try model.compile(
            optimizer: .adam(learningRate: LearningRate(training.learningRate)),
            loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        let batchSize = min(training.batchSize, dataset.train.count)
        console.say(try model.summary(batchSize: batchSize, lineLength: console.width) + "\n\n")

        let split = training.validationSplit
        let history = try model.fit(
            dataset.train, epochs: training.epochs, batchSize: batchSize,
            validationData: split == 0 ? dataset.test : nil, validationSplit: split,
            nonFinite: .stop(savingCaseIn: folder.path),
            callbacks: [EpochReporter(console: console, folder: folder)], verbose: console.verbosity)
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
        console.emit(JSONLine(event: "saved", ["path": path]))
        console.conclude(test.summary)
        console.conclude("The network, its history and the pictures are in \(folder.path)/")
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
    private func someIndices(below count: Int) -> [Int] {
        var random = RandomStream(seed: training.seed, purpose: .user)
        return random.permutation(of: count).prefix(10).sorted()
    }
}
