import SwiftConvNet

extension Model {
    /// Replaces the parameters by those of a PyTorch model: its `state_dict` in a safetensors file, or in a `.pt` or `.pth` file.
    ///
    /// ```swift
    /// let resNet = try Applications.resNet50(variant: .torchvision)
    /// let report = try resNet.loadPyTorchWeights(from: "resnet50.safetensors")
    /// print(report)  // 267 of 267 parameters loaded.
    /// ```
    ///
    /// A layer takes the arrays of the module of its name, `NAME.weight` and so on. Axes are put in this library's order: a convolution's
    /// `[out, in, height, width]` becomes `[height, width, in, out]`, a dense layer's `[out, in]` becomes `[in, out]`. Where a layer reads
    /// a flattened image, its inputs are reordered, too, and the report notes it. `num_batches_tracked` is left out.
    ///
    /// Networks of `Applications` in torchvision's form have the names of torchvision's modules, and the same outputs: `resNet18`,
    /// `resNet34`, `squeezeNet`, `shuffleNetV2`, and, with `variant: .torchvision`, `resNet50`, `resNet101`, `mobileNetV2`, `vgg16`,
    /// `vgg19`, `denseNet121`. Two kinds have Keras' names and torchvision's outputs, and their layers find their modules: `convNeXtTiny`,
    /// and `mobileNetV3Small` and `mobileNetV3Large` with `includePreprocessing: false` and images whose height and width are 1 more than
    /// a multiple of 32, such as 225, for at even sizes Keras pads otherwise. The other networks are Keras' and cannot take torchvision's
    /// weights.
    ///
    /// What PyTorch computes beside its parameters is not in the file: padding (`padding=1` with a stride of 2 is a `ZeroPadding2D`
    /// before a convolution without padding here), the epsilon of normalisations (1e-5 there, 1e-3 here by default), and their
    /// momentum (0.1 there is 0.9 here).
    ///
    /// - Parameters:
    ///   - path: the file; its content says which kind it is. `.pt` needs the trait `Zip`.
    ///   - options: how layers and modules meet. By names, and strict, by default.
    /// - Returns: what has become of each array.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read, of kind `format` if it is damaged, holds something besides
    ///   tensors, or is not the model's; of kind `argument` if a layer has parameters that no module of PyTorch has, or the options do not
    ///   fit the model; of kind `environment` without the trait or enough memory. Then nothing is changed.
    @discardableResult
    public func loadPyTorchWeights(from path: String, options: PyTorchOptions = PyTorchOptions()) throws
        -> WeightsReport
    {
        let file = try PyTorchFile(contentsOf: path, dictionary: options.dictionary, limits: options.limits)
        return try loadPyTorchWeights(from: file, options: options)
    }

    /// Replaces the parameters by those of a file that is open.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - options: how layers and modules meet; those about reading a file do not count.
    /// - Returns: what has become of each array.
    /// - Throws: as for a path.
    @discardableResult
    public func loadPyTorchWeights(from file: PyTorchFile, options: PyTorchOptions = PyTorchOptions()) throws
        -> WeightsReport
    {
        try PyTorchWeights.load(file, into: self, options)
    }

    /// Saves the parameters as a `state_dict` in a safetensors file, with PyTorch's names and order of axes:
    /// `module.load_state_dict(safetensors.torch.load_file(path))` takes it.
    ///
    /// ```swift
    /// try model.savePyTorchWeights(to: "weights.safetensors")
    /// ```
    ///
    /// The arrays are those that `loadPyTorchWeights(from:options:)` reads, as `float32`. `num_batches_tracked` is not written: PyTorch
    /// sets it to 0. The same model gives the same bytes, and the file is whole at every moment.
    ///
    /// - Parameters:
    ///   - path: where the file is to be.
    ///   - options: the names of the modules, and of flattened images; the others do not count.
    /// - Throws: `ConvNetError` of kind `argument` if a layer has parameters that no module of PyTorch has, two layers are to be one
    ///   module, the options do not fit the model, or the path's ending belongs to another format; of kind `file` if the file cannot be
    ///   written; of kind `environment` if there is not enough memory.
    public func savePyTorchWeights(to path: String, options: PyTorchOptions = PyTorchOptions()) throws {
        var options = options
        options.matchesByOrder = false
        var arrays: [String: Tensor] = [:], parts: [String: [(start: Int, values: Tensor)]] = [:]
        var shapes: [String: Shape] = [:], names: [String: String] = [:]
        for entry in try PyTorchParameters(self, options).entries {
            let values = try entry.place.array(of: parameter(named: entry.name))
            if let rows = entry.place.rows {
                parts[entry.array, default: []].append((rows.lowerBound, values))
                shapes[entry.array] = entry.place.shape
            } else if let other = names.updateValue(entry.name, forKey: entry.array) {
                throw ConvNetError(
                    .argument,
                    "Two parameters are to be one array",
                    at: "options, modules",
                    expected: "a module for each layer",
                    received: "\(other) and \(entry.name) as \(entry.array)"
                )
            } else {
                arrays[entry.array] = values
            }
        }
        for (name, parts) in parts {
            let elements = parts.sorted { $0.start < $1.start }.flatMap(\.values.elements)
            arrays[name] = try Tensor(elements, shape: shapes[name])
        }
        // Programs of Hugging Face read a file only if it says so.
        try SafeTensors.write(arrays, metadata: ["format": "pt"], to: path)
    }
}
