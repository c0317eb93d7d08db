import ArgumentParser
import ConvNetInterop
import Foundation
import SwiftConvNet

/// `convnet convert`: the same model in a file of another format.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Writes a model in another format, and proves that it predicts the same.",
        discussion: """
            The new file is read back, both models predict for random samples, and the largest difference is printed. The file gets its \
            name only if that is within the tolerance; else the exit code is \(ToolExit.disagreement.rawValue). The ending of the new \
            path says which format it gets: \
            \(ModelFormat.written), \
            \(WeightsFormat.allCases.map(\.title).joined(separator: ", ")). An ONNX file has the order of axes of this library: images are \
            [batch, height, width, channels].

            EXAMPLES
              convnet convert model.keras model.safetensors
              convnet convert emotion.hdf5 emotion.keras --without-optimizer
              convnet convert resnet18.onnx resnet18.safetensors --tolerance 1e-6
              convnet convert digits.safetensors digits.onnx --opset 20
              convnet convert resnet18 model.safetensors --weights resnet18.pt
              convnet convert model.safetensors weights.safetensors --to pytorch
            """
    )

    @Argument(help: ModelOptions.sourceHelp, completion: .file()) var source: String
    @Argument(help: "The file to write.", completion: .file()) var destination: String

    @Option(
        help: ArgumentHelp(
            "The largest difference that is accepted, as a share of the largest output.",
            valueName: "share"
        )
    )
    var tolerance = 1e-5

    @Option(help: ArgumentHelp("The number of random samples.", valueName: "n")) var samples = 3
    @Option(help: ArgumentHelp("What random samples are drawn from.", valueName: "n")) var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Write the weights alone: for PyTorch as a state_dict in safetensors, or as Keras' .weights.h5.",
            valueName: "format"
        )
    )
    var to: WeightsFormat?

    @Option(
        help: ArgumentHelp(
            "The version of ONNX' operators, \(Model.onnxOpsets.lowerBound) to \(Model.onnxOpsets.upperBound). (default: 17)",
            valueName: "n"
        )
    )
    var opset: Int?

    @Flag(help: "Leave loss, metrics and the optimizer's state out.")
    var withoutOptimizer = false

    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        try require(1...100_000, samples, "--samples")
        guard tolerance >= 0 else { throw ValidationError("--tolerance must be at least 0.") }
        if let opset {
            try require(Model.onnxOpsets, opset, "--opset")
            guard ModelFormat(endingOf: destination) == .onnx else {
                throw ValidationError("--opset is for files that end in .onnx.")
            }
        }
        if to == .kerasWeights, WeightsFormat(endingOf: destination) == nil {
            throw ValidationError("Keras' weights go to a file that ends in .weights.h5.")
        }
        if to == nil, WeightsFormat(endingOf: destination) == nil, ModelFormat(endingOf: destination) == nil {
            throw ValidationError(
                """
                The new file must end as one of \(ModelFormat.written), \(WeightsFormat.kerasWeights.title), not "\(destination)"; \
                PyTorch's weights with --to pytorch may end as they like.
                """
            )
        }
    }

    func run() throws {
        let console = Console(printing)
        let output = OutputFile(destination)
        try output.requirePlace()
        let first = try console.during("Reading \(source)") {
            try options.load(source, processor, compiles: !withoutOptimizer)
        }
        console.tell(first.notes)
        defer { unlink(output.temporary) }
        let second = try console.during("Writing \(destination), and reading it back") {
            try output.named { try written(first.model, to: output.temporary) }
        }
        let inputs = try RandomInputs(for: first.model, count: samples, seed: seed)
        let differences = try console.during("Predicting with both") {
            try Self.differences(first.model, second.model, second.onnx, inputs)
        }
        let agree = differences.allSatisfy { $0.difference.relative <= tolerance }
        for (name, difference) in differences {
            console.say(
                "\(name): largest difference \(Difference.text(difference.largest)), "
                    + "\(Difference.text(difference.relative)) of the largest output"
            )
        }
        for (name, difference) in differences where !difference.hasNumbers {
            Console.note("Note: \(name) has no finite value for random samples, which prove nothing then.")
        }
        if agree {
            guard rename(output.temporary, destination) == 0 else {
                throw ConvNetError(
                    .file,
                    "Cannot give the new file its name: \(ConvNetError.systemMessage())",
                    at: destination
                )
            }
            console.remark("\(destination) is written, \(second.title)")
        }
        console.emit(
            JSONLine(
                event: "conversion",
                [
                    "from": source, "to": destination, "samples": samples, "agree": agree,
                    "largest_difference": differences.map(\.difference.largest).max() ?? 0,
                    "relative_difference": differences.map(\.difference.relative).max() ?? 0,
                    "tolerance": tolerance, "notes": first.notes,
                ]
            )
        )
        try console.finish()
        guard agree else {
            Console.note("Error: The two models differ by more than \(tolerance); nothing is written.")
            throw ToolExit.disagreement.code
        }
    }

    /// Writes the file, and reads it back.
    private func written(_ model: Model, to path: String) throws -> (
        model: Model, onnx: ImportedONNX?, title: String
    ) {
        if let format = to ?? WeightsFormat(endingOf: destination) {
            try format.save(model, to: path)
            // All weights of the copy are others until those of the file replace them.
            let copy = try model.clone(seed: model.seed &+ 1)
            try WeightsFile(path, PyTorchOptions()).load(into: copy)
            return (copy, nil, format.title)
        }
        if let opset {
            try model.save(toONNX: path, opset: opset)
        } else {
            try model.save(to: path, includeOptimizer: !withoutOptimizer)
        }
        let file = try ModelFile(contentsOf: path, options: .init(compute: processor.compute))
        return (file.model, file.onnx, file.format.title)
    }

    /// How far the outputs of two models are apart, in their order: names may differ.
    private static func differences(
        _ first: Model,
        _ second: Model,
        _ onnx: ImportedONNX?,
        _ inputs: RandomInputs
    ) throws -> [(
        name: String, difference: Difference
    )] {
        let others = zip(second.inputNames, inputs.tensors).map { (name: $0, tensor: $1.tensor) }
        guard first.inputNames.count == second.inputNames.count,
            first.outputNames.count == second.outputNames.count
        else {
            throw ConvNetError(
                .format,
                "The file that was written has other inputs or outputs",
                expected: "\(first.inputNames) and \(first.outputNames)",
                received: "\(second.inputNames) and \(second.outputNames)"
            )
        }
        let expected = try first.predictions(for: inputs.dataset)
        var received: [String: Tensor]
        if let onnx {
            // The file may have a batch where the model that is made of it has none.
            let tensors = zip(onnx.inputs, inputs.tensors).map { ($0.name, $1.tensor) }
            let found = try onnx.predictions(for: Dictionary(tensors) { first, _ in first })
            received = [:]
            for port in onnx.outputs { received[port.layer] = found[port.name] }
        } else {
            received = try second.predictions(for: TensorDataset(named: others))
        }
        return try zip(first.outputNames, second.outputNames).map { name, other in
            guard let a = expected[name],
                let b = try received[other]?.fitted(to: Shape(Array(a.shape.dropFirst())))
            else {
                throw ConvNetError(
                    .format,
                    "The file that was written has an output of another shape",
                    at: name,
                    expected: expected[name].map { "\($0.shape)" },
                    received: received[other].map { "\($0.shape)" }
                )
            }
            return (name, Difference(a, b))
        }
    }
}
