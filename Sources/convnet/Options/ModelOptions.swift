import ArgumentParser
import ConvNetInterop
import SwiftConvNet

/// A size that an ONNX file leaves open: `NAME=NUMBER`.
struct NamedSize: ExpressibleByArgument {
    let name: String
    let size: Int

    init?(argument: String) {
        guard let sign = argument.lastIndex(of: "="), sign != argument.startIndex,
            let size = Int(argument[argument.index(after: sign)...]), size > 0
        else { return nil }
        name = String(argument[..<sign])
        self.size = size
    }
}

/// Options that say how a model's file is read.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .customLong("size"),
        help: ArgumentHelp(
            "A size that the file leaves open, for an ONNX file's named axes (height=480); may be repeated.",
            valueName: "name=n"
        )
    )
    var sizes: [NamedSize] = []

    /// Loads a model.
    ///
    /// - Parameters:
    ///   - compute: how it computes; as the options say unless given.
    ///   - compiles: whether a Keras file's loss, metrics and optimizer are wanted; what is not supported of them is an error then.
    ///   - values: inputs on whose values shapes of an ONNX file may depend.
    func load(
        _ path: String,
        _ processor: ProcessorOptions,
        compute: ComputeOptions? = nil,
        compiles: Bool = true,
        values: [String: Tensor] = [:]
    ) throws -> LoadedModel {
        let sizes = Dictionary(self.sizes.map { ($0.name, $0.size) }) { $1 }
        let options = ModelFile.Options(
            compute: compute ?? processor.compute,
            onnx: ONNXOptions(sizes: sizes, values: values),
            keras: KerasOptions(compiles: compiles)
        )
        return LoadedModel(path: path, file: try ModelFile(contentsOf: path, options: options))
    }
}
