import ArgumentParser
import ConvNetDatasets
import SwiftConvNet

/// `mnist predict`: what a saved network takes images for.
struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what digits images show: images of the test set, or your own.",
        discussion: """
            An image of your own is a PGM file of any size with one digit, dark on light or light on dark; it \
            is fitted into 28x28 pixels as MNIST's digits were. ImageMagick makes one of any picture: \
            magick photo.jpg -colorspace Gray digit.pgm
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Numbers of test images, counted from 0, and paths of PGM files.",
            valueName: "image"
        )
    )
    var images: [String]

    @OptionGroup var saved: SavedModelOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func run() throws {
        processor.prepare()
        let console = Console(printing)
        let model = try saved.load(options: processor.computeOptions)
        // The dataset is needed for its own images only.
        let indices = images.compactMap { Int($0) }
        var ofTestImages: [Prediction] = []
        if !indices.isEmpty {
            let dataset = try data.load(reportingTo: console)
            ofTestImages = try Prediction.ofTestImages(indices, in: dataset, by: model)
        }
        let files = images.filter { Int($0) == nil }
        var ofFiles = try Prediction.ofFiles(files, classNames: data.dataset.classNames, by: model)[...]
        var ofIndices = ofTestImages[...]
        // In the order in which they were asked for.
        let predictions = images.compactMap { Int($0) == nil ? ofFiles.popFirst() : ofIndices.popFirst() }
        console.show(predictions.map(\.picture))
        for prediction in predictions {
            console.conclude(prediction.sentence)
            console.emit(prediction.line)
        }
        try console.finish()
    }
}
