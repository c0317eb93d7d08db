import ArgumentParser
import ConvNetInterop
import Foundation
import SwiftConvNet

/// `convnet predict`: a model's predictions for arrays or pictures.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predicts for NumPy arrays, pictures or folders of pictures.",
        discussion: """
            Arrays are [samples, ...], in the order of axes of the model's file; predictions go to a NumPy file, and are written as they \
            come. Of pictures, and of arrays without --output, the surest classes are printed, if the model is a classifier.

            EXAMPLES
              convnet predict model.onnx --input x.npy --output y.npy
              convnet predict model.onnx --input left=a.npy --input right=b.npy \\
                --output same=y.npy
              convnet predict model.keras --input all-inputs.npz --output all-outputs.npz
              convnet predict model.safetensors cat.jpg dog.png --top 3
              convnet predict model.safetensors pictures/ --classes names.txt --format csv
              convnet predict resnet50.onnx cat.jpg \\
                --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225
            """
    )

    @Argument(help: ModelOptions.sourceHelp, completion: .file()) var model: String

    @Argument(help: "Pictures, and folders of pictures.", completion: .file()) var pictures: [String] = []

    @Option(
        help: ArgumentHelp(
            "An array (.npy), several by the names of inputs (.npz), a picture, or a folder; may be repeated.",
            valueName: "name=file"
        ),
        completion: .file()
    )
    var input: [NamedPath] = []

    @Option(
        help: ArgumentHelp(
            "Where predictions go: .npy, or .npz for all outputs; may be repeated with names.",
            valueName: "name=file"
        ),
        completion: .file()
    )
    var output: [NamedPath] = []

    @Option(help: ArgumentHelp("How many samples run at once.", valueName: "n")) var batchSize = 32

    @Option(
        help: ArgumentHelp(
            "A text file with a class name in each line. (default: the model's)",
            valueName: "file"
        ),
        completion: .file()
    )
    var classes: String?

    @Option(help: ArgumentHelp("How many classes are printed for a sample.", valueName: "n")) var top = 5

    @Option(help: "How classes are printed.") var format: ClassFormat?

    @OptionGroup(title: "Pixels") var pixels: PixelOptions
    @OptionGroup(title: "Model") var options: ModelOptions
    @OptionGroup(title: "Processor") var processor: ProcessorOptions
    @OptionGroup(title: "Output") var printing: PrintingOptions

    func validate() throws {
        try require(1...1_000_000, batchSize, "--batch-size")
        try require(1...1_000_000, top, "--top")
        // A graph without inputs needs none.
        if pictures.isEmpty, input.isEmpty, output.isEmpty {
            throw ValidationError("Name what to predict for: pictures, or arrays by --input.")
        }
        let picturesAmongInputs = input.filter(PictureInputs.takes).count
        if picturesAmongInputs > 0 || !pictures.isEmpty, picturesAmongInputs < input.count {
            throw ValidationError("Arrays and pictures cannot be predicted in one run.")
        }
        let isOfPictures = pixels.mean != nil || pixels.std != nil || pixels.imageSize != nil
        if isOfPictures, picturesAmongInputs == 0, pictures.isEmpty {
            throw ValidationError(
                "--mean, --std and --image-size are for pictures; arrays are taken as they are."
            )
        }
    }

    func run() throws {
        let console = Console(printing)
        let pictures = self.pictures + input.filter(PictureInputs.takes).map(\.path)
        if pictures.isEmpty {
            try predictArrays(console)
        } else {
            let loaded = try load(console)
            let inputs = try PictureInputs(pictures, for: loaded, pixels)
            try predict(inputs.dataset, names: inputs.paths, by: loaded, console)
        }
        try console.finish()
    }

    private func predictArrays(_ console: Console) throws {
        let arrays = try input.flatMap { try SampleArray.arrays(of: $0, scale: pixels.scale ?? 1) }
        let values = try Self.smallValues(of: arrays)
        let loaded = try load(console, values: values)
        let constants = loaded.format == .onnx ? try constants(among: Set(values.keys), of: loaded) : []
        // A name that is given must be right, even where none is needed.
        for name in input.compactMap(\.name) where !constants.contains(name) { _ = try loaded.input(name) }
        let inputs = arrays.filter { array in array.name.map { !constants.contains($0) } ?? true }
        try predict(ArrayInputs(inputs, for: loaded), names: [], by: loaded, console)
    }

    /// The inputs of an ONNX file that have become constants of the model, with the values that were given.
    private func constants(among names: Set<String>, of loaded: LoadedModel) throws -> Set<String> {
        let rest = names.filter { name in !loaded.inputs.contains { $0.name == name || $0.layer == name } }
        return rest.isEmpty ? [] : rest.intersection(try ONNXFile(contentsOf: model).inputNames)
    }

    private func load(_ console: Console, values: [String: Tensor] = [:]) throws -> LoadedModel {
        let loaded = try options.load(model, processor, compiles: false, values: values)
        console.tell(loaded.notes)
        if let classes {
            let text = String(decoding: try FileContents.read(classes, limit: 1 << 24), as: UTF8.self)
            loaded.model.classNames = text.split(whereSeparator: \.isNewline).map(String.init)
        }
        return loaded
    }

    /// Arrays on whose values shapes of an ONNX file may depend.
    private static func smallValues(of arrays: [(name: String?, array: SampleArray)]) throws -> [String:
        Tensor]
    {
        var values: [String: Tensor] = [:]
        for (name, array) in arrays where array.shape.elementCount <= 1 << 20 {
            if let name { values[name] = try array.tensor }
        }
        return values
    }

    private func predict(_ data: any Dataset, names: [String], by loaded: LoadedModel, _ console: Console)
        throws
    {
        let printsClasses = output.isEmpty || !names.isEmpty && isClassifier(loaded)
        if printsClasses, !isClassifier(loaded) {
            throw ConvNetError(
                .argument,
                "The model is no classifier, so predictions need a file",
                at: "--output",
                expected: "--output FILE.npy",
                received: loaded.outputs.map { "\($0.name) \($0.arrayShape)" }.joined(separator: ", ")
            )
        }
        let files = try ResultFiles(output, for: loaded)
        let printer =
            printsClasses
            ? ClassPrinter(
                console,
                format ?? (printing.json ? .json : .text),
                names: names,
                top: top,
                model: loaded.model
            ) : nil
        // Classes are their own progress.
        let verbosity = printsClasses ? .silent : console.verbosity
        try files.write(count: data.count) { write in
            try loaded.model.predictions(for: data, batchSize: batchSize, verbose: verbosity) {
                batch,
                samples in
                try write(batch)
                if let printer, let predictions = batch[loaded.outputs[0].layer] {
                    try printer.print(predictions, samples: samples)
                }
            }
        }
        for path in output {
            console.emit(JSONLine(event: "saved", ["path": path.path, "samples": data.count]))
        }
    }

    /// Whether the model has one output, of a number for each class.
    private func isClassifier(_ loaded: LoadedModel) -> Bool {
        loaded.outputs.count == 1 && loaded.outputs[0].hasBatchAxis && loaded.outputs[0].shape.rank == 1
    }
}
