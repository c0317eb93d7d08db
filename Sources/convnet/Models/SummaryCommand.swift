import ArgumentParser
import SwiftConvNet

/// `convnet summary`: what a file holds.
struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Shows a model's layers, shapes, parameters, inputs and outputs.",
        discussion: """
            EXAMPLES
              convnet summary model.keras
              convnet summary resnet18.onnx --batch-size 8    # how layers are computed
              convnet summary yunet.onnx --size height=480 --size width=640
              convnet summary model.safetensors --json
            """
    )

    @Argument(help: ModelOptions.sourceHelp, completion: .file()) var model: String

    @Option(help: ArgumentHelp("Also show how each layer is computed in such a batch.", valueName: "n"))
    var batchSize: Int?

    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        if let batchSize { try require(1...1_000_000, batchSize, "--batch-size") }
    }

    func run() throws {
        let console = Console(printing)
        let loaded = try options.load(model, processor, compiles: false)
        let network = loaded.model
        console.tell(loaded.notes)
        console.say(
            try network.summary(
                batchSize: batchSize,
                lineLength: batchSize == nil ? nil : console.width,
                characters: console.characters
            )
        )
        for (what, ports) in [("Input", loaded.inputs), ("Output", loaded.outputs)] {
            for port in ports { console.say(" \(what) \(port.name): \(port.arrayShape)") }
        }
        if let format = loaded.format { console.say(" Format: \(format.title)") }
        if let names = network.classNames { console.say(" Classes: \(names.joined(separator: ", "))") }
        console.emit(
            JSONLine(
                event: "summary",
                [
                    "name": network.name, "format": loaded.format?.rawValue,
                    "parameters": network.parameterCount, "trainable": network.trainableParameterCount,
                    "inputs": loaded.inputs.map(PortRecord.init),
                    "outputs": loaded.outputs.map(PortRecord.init),
                    "layers": network.graph.layers.map {
                        LayerRecord(name: $0.name, kind: type(of: $0.layer).kind, trainable: $0.isTrainable)
                    }, "classes": network.classNames,
                    "notes": loaded.notes,
                ]
            )
        )
        try console.finish()
    }
}

/// An input or an output in `--json`; an axis of any size is `null`.
private struct PortRecord: Encodable {
    let name: String
    let shape: [Int?]

    init(_ port: LoadedModel.Port) {
        name = port.name
        let sizes = port.shape.enumerated().map { port.openAxes.contains($0) ? nil : $1 }
        shape = (port.hasBatchAxis ? [nil] : []) + sizes
    }
}

/// A layer in `--json`.
private struct LayerRecord: Encodable {
    let name: String
    let kind: String
    let trainable: Bool
}

extension LoadedModel.Port {
    /// The shape of an array for it, for people: `[N, 28, 28, 1]`, with `?` for an axis of any size.
    var arrayShape: String {
        let sizes = shape.enumerated().map { openAxes.contains($0) ? "?" : "\($1)" }
        return "[" + ((hasBatchAxis ? ["N"] : []) + sizes).joined(separator: ", ") + "]"
    }
}
