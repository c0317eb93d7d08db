import SwiftConvNet

/// The parameters of a model as a PyTorch file counts them.
struct PyTorchParameters {
    /// A parameter of the model, and its place in the file.
    struct Entry {
        /// The parameter's name in the model: `layer1.0.conv1/kernel`.
        let name: String
        let spec: ParameterSpec
        /// The array's name in the file.
        let array: String
        let place: PyTorchPlace
    }

    /// In the order of the layers, and within a layer in that of its parameters.
    private(set) var entries: [Entry] = []
    /// What is worth to be told: whose values change their order.
    private(set) var notes: [String] = []

    /// - Parameters:
    ///   - file: whose modules the layers meet by order, if the options say so; `nil` to write one.
    /// - Throws: `ConvNetError` of kind `argument` if the options name a layer that the model lacks, or a layer has parameters that no
    ///   module of PyTorch has; of kind `format` if there are not as many modules as layers.
    init(_ model: Model, _ options: PyTorchOptions, for file: PyTorchFile? = nil) throws {
        let graph = model.graph
        let indices = graph.layers.indices.filter { !(graph.layers[$0].layer is InputLayer) }
        let layers = zip(indices, model.layers).filter { !$1.built.parameters.isEmpty }
        try Self.check(options, layers.map { graph.layers[$0.0].name })
        let images = FlattenedImages(graph), known = TorchvisionModules(graph)
        var modules = layers.map {
            let name = graph.layers[$0.0].name
            return options.modules[name] ?? known.names[name] ?? name
        }
        if options.matchesByOrder, let file {
            modules = try Self.modules(of: file, options, count: layers.count)
        }
        var odd: [String] = []
        for ((index, shared), module) in zip(layers, modules) {
            let name = graph.layers[index].name, specs = shared.built.parameters.map(\.spec)
            let given = options.flattenedImages[name]
            let image = given.map { $0.rank == 0 ? nil : $0 } ?? images.shapes[index]
            guard let places = PyTorchRules.places(of: shared.layer, specs, flattened: image) else {
                odd.append("\(name) (\(type(of: shared.layer).kind))")
                continue
            }
            for (spec, convolution) in zip(specs, places) {
                let place = known.linear.contains(name) ? convolution.linear : convolution
                // The arrays of a module that is the whole model have no more than their own names.
                let array = options.prefix + (module.isEmpty ? "" : module + ".") + place.array
                entries.append(Entry(name: "\(name)/\(spec.name)", spec: spec, array: array, place: place))
            }
            if let image, places.contains(where: { $0.split.rank > $0.shape.rank }) {
                let first = Shape(Array(image.suffix(1)) + image.dropLast())
                notes.append("\(name): its inputs are put in the order of \(image), from that of \(first)")
            }
        }
        guard odd.isEmpty else {
            throw ConvNetError(
                .argument,
                "No module of PyTorch has the parameters of these layers: \(odd.joined(separator: ", "))",
                at: model.name,
                expected:
                    "dense, convolution, depthwise and transposed convolution, batch, layer, group and RMS normalization, PReLU, layer scale, embedding, and attention as torch.nn.MultiheadAttention has it",
                remedy: "Read the arrays by PyTorchFile(contentsOf:), and set them by setParameters(_:)"
            )
        }
    }

    private static func check(_ options: PyTorchOptions, _ names: [String]) throws {
        let known = Set(names)
        let unknown = (Array(options.modules.keys) + options.flattenedImages.keys).filter {
            !known.contains($0)
        }
        if !unknown.isEmpty {
            throw ConvNetError(
                .argument,
                "The model has no layers of these names that have parameters",
                at: "options",
                expected: SafeTensors.list(names),
                received: unknown.sorted().joined(separator: ", ")
            )
        }
        if options.matchesByOrder, !options.modules.isEmpty {
            throw ConvNetError(
                .argument,
                "Layers and modules meet either by order or by names",
                at: "options",
                expected: "modules to be empty, or matchesByOrder to be false"
            )
        }
    }

    /// The modules of a file that have arrays, in its order.
    private static func modules(of file: PyTorchFile, _ options: PyTorchOptions, count: Int) throws
        -> [String]
    {
        guard file.isInOrder else {
            throw ConvNetError(
                .argument,
                "The arrays of a safetensors file are not in the order of the modules",
                at: file.path,
                expected: "a .pt file, or matchesByOrder to be false",
                remedy: "Name the module of each layer in the options: modules"
            )
        }
        var taken = Set<String>()
        let modules = PyTorchWeights.names(in: file, options).map { name in
            let parts = name.dropFirst(options.prefix.count).split(
                separator: ".",
                omittingEmptySubsequences: false
            )
            // The output of an attention is a module of its own within it.
            let depth = parts.dropLast().last == "out_proj" ? 2 : 1
            return parts.dropLast(depth).joined(separator: ".")
        }
        .filter { taken.insert($0).inserted }
        guard modules.count == count else {
            throw ConvNetError(
                .format,
                "The file has not as many modules with arrays as the model has layers with parameters",
                at: file.path,
                expected: "\(count) modules",
                received: "\(modules.count): \(SafeTensors.list(modules))"
            )
        }
        return modules
    }
}
