import ArgumentParser
import SwiftConvNet

/// `convnet evaluate`: loss and metrics of a model over data.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measures a model's loss and accuracy on data with targets.",
        discussion: """
            A model that its file says how to judge is judged so; another by cross-entropy and accuracy for classes, by the mean squared \
            error for values. Data that have a test part are judged by that.

            EXAMPLES
              convnet evaluate digits.safetensors --data mnist
              convnet evaluate pets.keras --data pictures/
              convnet evaluate model.onnx --data data.npz \\
                --loss sparse-categorical-crossentropy
            """
    )

    @Argument(help: ModelOptions.sourceHelp, completion: .file()) var model: String

    @Option(help: ArgumentHelp("How many samples run at once.", valueName: "n")) var batchSize = 32

    @Option(help: "What the model is judged by.") var loss = LossName.automatic

    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Pixels") var pixels: PixelOptions
    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws { try require(1...1_000_000, batchSize, "--batch-size") }

    func run() throws {
        let console = Console(printing)
        let loaded = try options.load(model, processor)
        console.tell(loaded.notes)
        let network = loaded.model
        let samples = try data.load(for: network.inputShape, pixels, classNames: network.classNames)
        if network.learningRate == nil || loss != .automatic {
            let criterion = try Criterion(loss, for: network, samples.evaluation)
            try network.compile(loss: criterion.loss, metrics: criterion.metrics)
        }
        let values = try network.evaluate(
            samples.evaluation,
            batchSize: batchSize,
            verbose: console.verbosity
        )
        console.remark("\(samples.name): \(samples.evaluation.count) samples")
        console.say("\(values)")
        console.emit(
            JSONLine(
                event: "evaluation",
                [
                    "data": samples.name, "samples": samples.evaluation.count,
                    "values": values.record,
                ]
            )
        )
        try console.finish()
    }
}
