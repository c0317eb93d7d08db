import ArgumentParser
import SwiftConvNet

/// `convnet compare`: where two models begin to differ.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two models layer by layer on the same samples.",
        discussion: """
            Layers of one name are compared, in the order of the first model, then the outputs in their order. Arrays that differ in the \
            place of the channel axis are compared all the same, and the samples may have either order. Where one format has an \
            activation within a layer, and the other beside it, the layers of that name differ and those after it do not. Exit code \
            \(ToolExit.disagreement.rawValue) if an output differs by more than the tolerance.

            EXAMPLES
              convnet compare model.keras model.safetensors --input x.npy
              convnet compare a.onnx b.onnx --tolerance 1e-4    # on random samples
            """
    )

    @Argument(help: ModelOptions.sourceHelp, completion: .file()) var first: String
    @Argument(help: "Another one; --weights are for both.", completion: .file()) var second: String

    @Option(
        help: ArgumentHelp(
            "An array of samples (.npy, .npz); random ones unless given.",
            valueName: "name=file"
        ),
        completion: .file()
    )
    var input: [NamedPath] = []

    @Option(help: ArgumentHelp("How many samples are compared, the first ones.", valueName: "n"))
    var samples = 4

    @Option(
        help: ArgumentHelp(
            "The largest difference of an output that is accepted, as a share of its largest value.",
            valueName: "share"
        )
    )
    var tolerance = 1e-4

    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        try require(1...100_000, samples, "--samples")
        guard tolerance >= 0 else { throw ValidationError("--tolerance must be at least 0.") }
    }

    func run() throws {
        let console = Console(printing)
        let a = try load(first, others: [second], console)
        let b = try load(second, others: [first], console)
        let comparison = try console.during("Predicting with both") {
            try LayerComparison(a, b, tensors(for: a))
        }
        let width = max(comparison.rows.map(\.name.count).max() ?? 0, 5)
        console.say(
            "\("Layer".padded(to: width))  \("difference".paddedLeft(to: 10))  \("of largest".paddedLeft(to: 10))"
        )
        for row in comparison.rows {
            let numbers = row.difference.map {
                Difference.text($0.largest).paddedLeft(to: 10) + "  "
                    + Difference.text($0.relative).paddedLeft(to: 10)
            }
            console.say(
                "\(row.name.padded(to: width))  \(numbers ?? "shapes \(row.shapes.0) and \(row.shapes.1)")"
            )
            console.emit(
                JSONLine(
                    event: "layer",
                    [
                        "name": row.name, "output": row.isOutput,
                        "largest_difference": row.difference?.largest,
                        "relative_difference": row.difference?.relative,
                        "shapes": [row.shapes.0.dimensions, row.shapes.1.dimensions],
                    ]
                )
            )
        }
        let agree = comparison.rows.filter(\.isOutput).allSatisfy {
            ($0.difference?.relative ?? .infinity) <= tolerance
        }
        let beyond = comparison.rows.first { ($0.difference?.relative ?? .infinity) > tolerance }
        console.remark(
            agree
                ? "The outputs agree within \(tolerance) of their largest value"
                : "The first that differs by more than \(tolerance): \(beyond?.name ?? "-")"
        )
        console.emit(
            JSONLine(
                event: "comparison",
                ["agree": agree, "tolerance": tolerance, "first_difference": beyond?.name]
            )
        )
        try console.finish()
        if !agree { throw ToolExit.disagreement.code }
    }

    private func load(_ source: String, others: [String], _ console: Console) throws -> LoadedModel {
        let loaded = try console.during("Reading \(source)") {
            try options.load(source, processor, compiles: false, others: others)
        }
        console.tell(loaded.notes)
        return loaded
    }

    /// The samples, by the names of the model's inputs.
    private func tensors(for loaded: LoadedModel) throws -> [(name: String, tensor: Tensor)] {
        guard !input.isEmpty else {
            return try RandomInputs(for: loaded.model, count: samples, seed: 1).tensors
        }
        for name in input.compactMap(\.name) { _ = try loaded.input(name) }
        let arrays = try input.flatMap { try SampleArray.arrays(of: $0) }
        return try arrays.map { name, array in
            let port = try loaded.input(arrays.count == 1 && loaded.inputs.count == 1 ? nil : name)
            guard port.hasBatchAxis, let count = array.shape.first else {
                return (port.layer, try Tensor(stacking: [array.tensor]))
            }
            return (port.layer, try array.samples(0..<min(samples, count)))
        }
    }
}
