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
            \(ModelFormat.allCases.filter(\.isWritten).map(\.title).joined(separator: ", ")).

            EXAMPLES
              convnet convert model.keras model.safetensors
              convnet convert emotion.hdf5 emotion.keras --without-optimizer
              convnet convert resnet18.onnx resnet18.safetensors --tolerance 1e-6
            """
    )

    @Argument(help: "The model's file.", completion: .file()) var source: String
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

    @Flag(help: "Leave loss, metrics and the optimizer's state out.")
    var withoutOptimizer = false

    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        try require(1...100_000, samples, "--samples")
        guard tolerance >= 0 else { throw ValidationError("--tolerance must be at least 0.") }
    }

    func run() throws {
        let console = Console(printing)
        let first = try options.load(source, processor, compiles: !withoutOptimizer)
        let temporary = temporaryPath()
        defer { unlink(temporary) }
        do {
            try first.model.save(to: temporary, includeOptimizer: !withoutOptimizer)
        } catch let error as ConvNetError {
            // The user knows nothing of the temporary name.
            var error = error
            if error.location == temporary { error.location = destination }
            throw error
        }
        let second = try options.load(temporary, processor)
        let inputs = try RandomInputs(for: first.model, count: samples, seed: seed)
        let differences = try Self.differences(first.model, second.model, inputs)
        let agree = differences.allSatisfy { $0.difference.relative <= tolerance }
        for (name, difference) in differences {
            console.say(
                "\(name): largest difference \(Difference.text(difference.largest)), "
                    + "\(Difference.text(difference.relative)) of the largest output"
            )
        }
        if agree {
            guard rename(temporary, destination) == 0 else {
                throw ConvNetError(
                    .file,
                    "Cannot give the new file its name: \(ConvNetError.systemMessage())",
                    at: destination
                )
            }
            console.remark("\(destination) is written, \(second.format.title)")
        }
        console.emit(
            JSONLine(
                event: "conversion",
                [
                    "from": source, "to": destination, "samples": samples, "agree": agree,
                    "largest_difference": differences.map(\.difference.largest).max() ?? 0,
                    "relative_difference": differences.map(\.difference.relative).max() ?? 0,
                    "tolerance": tolerance,
                ]
            )
        )
        try console.finish()
        guard agree else {
            Console.note("Error: The two models differ by more than \(tolerance); nothing is written.")
            throw ToolExit.disagreement.code
        }
    }

    /// A name beside the destination that has its ending, for the ending says what is written.
    private func temporaryPath() -> String {
        let path = destination as NSString
        let name = ".convnet-\(ProcessInfo.processInfo.processIdentifier)-\(path.lastPathComponent)"
        return path.deletingLastPathComponent.isEmpty
            ? name : (path.deletingLastPathComponent as NSString).appendingPathComponent(name)
    }

    /// How far the outputs of two models are apart, in their order: names may differ.
    private static func differences(_ first: Model, _ second: Model, _ inputs: RandomInputs) throws -> [(
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
        let received = try second.predictions(for: TensorDataset(named: others))
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
