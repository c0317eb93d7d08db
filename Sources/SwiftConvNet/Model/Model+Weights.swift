extension Model {
    /// One array that a model learns or keeps.
    public struct Parameter: Sendable {
        /// The layer's name and the array's: `conv2d/kernel`.
        public let name: String
        /// The values, as they were when they were asked for.
        public let values: Tensor
        /// Whether training changes it by its gradient. If not, its layer is not trainable, or keeps it, as a moving mean.
        public let isTrainable: Bool
    }

    /// Copies of all parameters, in the order of the layers, each layer's in Keras' order.
    ///
    /// Without enough memory it ends the process, as a copy of an array does; `parameter(named:)` throws. Not to be asked for
    /// while another thread uses the model.
    public var parameters: [Parameter] {
        zip(store.entries, areTrainable).map { entry, isTrainable in
            Parameter(name: entry.name, values: store.copy(of: entry), isTrainable: isTrainable)
        }
    }

    /// A copy of the parameter of a name, such as `conv2d/kernel`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is none, of kind `state` if another thread uses the model.
    public func parameter(named name: String) throws -> Tensor {
        try use.begin("parameter(named:)")
        defer { use.end() }
        return try store.tensor(try entry(named: name))
    }

    /// Replaces parameters by name; those that are not named stay as they are.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for an unknown name, of kind `shape` for another shape; then nothing
    ///   is changed.
    public func setParameters(_ values: [String: Tensor]) throws {
        try use.begin("setParameters")
        defer { use.end() }
        let changes = try values.sorted { $0.key < $1.key }.map { (try entry(named: $0.key), $0.value) }
        for (entry, tensor) in changes { try store.check(tensor, for: entry) }
        for (entry, tensor) in changes { try store.set(tensor, for: entry) }
    }

    /// Replaces all parameters, in the order of `parameters`: Keras' `set_weights`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for another number of tensors, of kind `shape` for another shape;
    ///   then nothing is changed.
    public func setWeights(_ weights: [Tensor]) throws {
        guard weights.count == store.entries.count else {
            throw ConvNetError(
                .argument,
                "Not as many weights as the model has",
                at: "setWeights",
                expected: "\(store.entries.count) tensors",
                received: "\(weights.count)"
            )
        }
        try setParameters(Dictionary(uniqueKeysWithValues: zip(store.entries.map(\.name), weights)))
    }

    /// The number of values in all parameters.
    public var parameterCount: Int { store.entries.reduce(0) { $0 + $1.count } }

    /// The number of values that training changes by their gradient, if the model is compiled now.
    public var trainableParameterCount: Int {
        zip(store.entries, areTrainable).reduce(0) { $0 + ($1.1 ? $1.0.count : 0) }
    }

    /// For each parameter, whether training changes it if the model is compiled now.
    private var areTrainable: [Bool] {
        let layers = assembly.layers.map(\.isTrainable)
        return graph.parameters.map { $0.spec.isTrainable && layers[$0.layer] }
    }

    private func entry(named name: String) throws -> ParameterStore.Entry {
        guard let entry = store.entries.first(where: { $0.name == name }) else {
            throw ConvNetError(
                .argument,
                "The model has no parameter \"\(name)\"",
                at: "parameters",
                expected: "one of \(store.entries.map(\.name).joined(separator: ", "))",
                received: "\"\(name)\""
            )
        }
        return entry
    }
}

extension Model {
    /// Saves the parameters and nothing else, as arrays of a safetensors file: Keras' `save_weights`.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be written; then the old one is still there. Of kind
    ///   `argument` if the path's ending belongs to another format, as `save(to:includeOptimizer:)` throws it.
    public func saveWeights(to path: String) throws {
        try use.begin("saveWeights")
        defer { use.end() }
        try SafeTensors.write(parameterContents(), metadata: [:], to: path)
    }

    /// Replaces all parameters by the arrays of the same names in a safetensors file: Keras' `load_weights`.
    ///
    /// Takes the file of a whole model as well, and leaves its optimizer aside.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - skipMismatch: whether arrays that are missing, too many or of another shape are passed over, rather than
    ///     being an error. Keras warns of each; here the result names each.
    /// - Returns: which parameters were loaded, and what was passed over and why.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read, of kind `format` if it is not the model's, or,
    ///   with `skipMismatch`, if it has no array at all that fits; then nothing is changed.
    @discardableResult
    public func loadWeights(from path: String, skipMismatch: Bool = false) throws -> LoadedWeights {
        try use.begin("loadWeights")
        defer { use.end() }
        let file = try SafeTensors(contentsOf: path)
        let parameters = store.entries.map { (name: $0.name, shape: $0.spec.shape) }
        let prefix = "optimizer/"
        let loaded = LoadedWeights(parameters, from: file, passingOver: prefix)
        if skipMismatch {
            try loaded.requireSome()
        } else {
            try file.check(parameters, exactly: true, passingOver: prefix)
        }
        try readParameters(from: file, named: Set(loaded.names))
        return loaded
    }

    /// The parameters as arrays to be written.
    func parameterContents() -> [SafeTensors.Content] {
        store.entries.map {
            SafeTensors.Content(
                name: $0.name,
                shape: $0.spec.shape,
                values: $0.parameter.buffer.floats,
                owner: $0.parameter.buffer
            )
        }
    }

    /// Reads the parameters from a file that has been checked, straight to their place.
    ///
    /// - Parameter names: those to be read; `nil` for all.
    func readParameters(from file: SafeTensors, named names: Set<String>? = nil) throws {
        for entry in store.entries where names?.contains(entry.name) ?? true {
            entry.parameter.markChanged()
            try file.read(entry.name, into: entry.parameter.buffer.floats, count: entry.count)
        }
    }
}

extension SafeTensors {
    /// Checks that the file holds these arrays as `float32`, and no others.
    ///
    /// - Parameter prefix: what the names of arrays begin with that do not matter, unless they are expected.
    func check(_ expected: [(name: String, shape: Shape)], exactly: Bool, passingOver prefix: String? = nil)
        throws
    {
        for (name, shape) in expected {
            guard let entry = self[name] else {
                throw ConvNetError(
                    .format,
                    "The file lacks the array \"\(name)\"",
                    at: path,
                    expected: "\(shape)",
                    received: "only " + Self.list(entries.map(\.name))
                )
            }
            guard entry.shape == shape, entry.type == .float32 else {
                throw ConvNetError(
                    .format,
                    "The array \"\(name)\" does not fit the model",
                    at: "\(path), byte \(entry.byteRange.lowerBound)",
                    expected: "F32 \(shape)",
                    received: "\(entry.type.rawValue) \(entry.shape)"
                )
            }
        }
        let names = Set(expected.map(\.name))
        let extra = entries.first { entry in
            !names.contains(entry.name) && !(prefix.map { entry.name.hasPrefix($0) } ?? false)
        }
        if exactly, let extra {
            throw ConvNetError(
                .format,
                "The model has no place for the array \"\(extra.name)\"",
                at: "\(path), byte \(extra.byteRange.lowerBound)",
                expected: "the arrays \(Self.list(expected.map(\.name))) and no others",
                received: "\(extra.type.rawValue) \(extra.shape)"
            )
        }
    }

    /// Reads an array of `count` elements that is known to be there.
    func read(_ name: String, into destination: UnsafeMutablePointer<Float>, count: Int) throws {
        guard let entry = self[name], entry.shape.elementCount == count else {
            preconditionFailure("the array \(name) has not been checked")
        }
        try read(entry, into: UnsafeMutableBufferPointer(start: destination, count: count))
    }
}
