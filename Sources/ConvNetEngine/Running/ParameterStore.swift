/// The parameters of a model, each with a name and a place in the layout that gradients and the slots of optimizers share:
/// first all that an optimizer changes, then all that layers keep, such as moving means. Each begins on a cache line; the
/// gaps are zero.
package final class ParameterStore {
    /// One parameter's place.
    package struct Entry: Sendable {
        /// The layer's name and the parameter's: `conv2d/kernel`.
        package let name: String
        package let parameter: Parameter
        /// In elements, from the beginning of the layout.
        package let offset: Int
        package var spec: ParameterSpec { parameter.spec }
        package var count: Int { parameter.count }
    }

    /// In the order of the layers, each layer's parameters in Keras' order.
    package let entries: [Entry]
    /// The elements of the trainable part of the layout, gaps included.
    package let trainableCount: Int
    /// The elements of the whole layout, gaps included.
    package let totalCount: Int
    /// What kernels have made from the values: shared by all that run on them.
    let prepared = PreparedCache()
    /// The addresses of the values, for plans, by the index of the entry.
    let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>

    /// Makes parameters, each from a name and a description, in the order of the layers.
    ///
    /// - Throws: `ConvNetError` of kind `shape` for a negative size, of kind `environment` if there is not enough memory.
    package convenience init(_ specs: [(name: String, spec: ParameterSpec)]) throws {
        try Self.requireMemory(for: specs)
        self.init(try specs.map { ($0.name, try Parameter($0.spec, name: $0.name)) })
    }

    /// Looks at the sizes of all parameters before the first is made.
    ///
    /// - Throws: `ConvNetError` of kind `shape` for a negative size, of kind `environment` if there is not enough memory.
    package static func requireMemory(for specs: [(name: String, spec: ParameterSpec)]) throws {
        var total = 0.0
        for item in specs { total += Double(try item.spec.shape.validated(as: item.name).elementCount) }
        let byteCount = total * Double(MemoryLayout<Float>.stride)
        try MemoryCheck.require(
            Int(min(byteCount, Double(Int.max >> 1))),
            for: "the parameters of the model"
        )
    }

    /// A store of parameters that are there already.
    package init(_ parameters: [(name: String, parameter: Parameter)]) {
        let line = AlignedBuffer.alignment / MemoryLayout<Float>.stride
        var offsets = [Int](repeating: 0, count: parameters.count)
        var end = 0
        func place(trainable: Bool) {
            for (index, item) in parameters.enumerated() where item.parameter.spec.isTrainable == trainable {
                offsets[index] = end
                end += (item.parameter.count + line - 1) / line * line
            }
        }
        place(trainable: true)
        trainableCount = end
        place(trainable: false)
        totalCount = end
        entries = zip(parameters, offsets).map { Entry(name: $0.name, parameter: $0.parameter, offset: $1) }
        addresses = .allocate(capacity: max(1, parameters.count))
        addresses.initialize(from: parameters.map(\.parameter.buffer.base), count: parameters.count)
    }

    /// A copy with values of its own.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    package convenience init(copying other: ParameterStore) throws {
        try self.init(other.entries.map { ($0.name, $0.spec) })
        copyValues(from: other)
    }

    deinit { addresses.deallocate() }

    /// Counts the changes of all values.
    var version: Int { entries.reduce(0) { $0 + $1.parameter.version } }

    /// Counts the changes of the values that prepared memory is made from.
    func version(of key: PreparedKey) -> Int {
        key.sources.reduce(0) { sum, source in
            if case .parameter(let entry) = source { sum + entries[entry].parameter.version } else { sum }
        }
    }

    /// Says that all values have changed, or are about to.
    package func markChanged() { for entry in entries { entry.parameter.markChanged() } }

    /// Gives parameters their first values, each from a random stream of its own.
    ///
    /// - Parameter indices: those of the entries; `nil` for all.
    package func initialize(_ indices: Set<Int>? = nil, seed: UInt64) throws {
        for (index, entry) in entries.enumerated() where indices?.contains(index) ?? true {
            var random = RandomStream(seed: seed, purpose: .initialization, UInt32(index))
            do {
                try entry.parameter.withMutableValues {
                    try entry.spec.initializer.initialize($0, shape: entry.spec.shape, random: &random)
                }
            } catch let error as ConvNetError {
                throw error.located(at: entry.name)
            }
        }
    }

    // MARK: All values

    /// Takes the values of a store of the same parameters.
    package func copyValues(from other: ParameterStore) {
        for (entry, source) in zip(entries, other.entries) {
            entry.parameter.withMutableValues { _ = $0.update(fromContentsOf: source.parameter.values) }
        }
    }

    /// Copies values to memory of this layout; the gaps stay as they are.
    ///
    /// - Parameter first: the element of the layout that stands first there.
    package func copyValues(
        where isIncluded: (Entry) -> Bool = { _ in true },
        to memory: UnsafeMutablePointer<Float>,
        from first: Int = 0
    ) {
        for entry in entries where isIncluded(entry) {
            (memory + entry.offset - first).update(from: entry.parameter.buffer.floats, count: entry.count)
        }
    }

    /// Takes values from memory of this layout.
    ///
    /// - Parameter first: the element of the layout that stands first there.
    package func setValues(
        where isIncluded: (Entry) -> Bool = { _ in true },
        from memory: UnsafePointer<Float>,
        startingAt first: Int = 0
    ) {
        for entry in entries where isIncluded(entry) {
            entry.parameter.withMutableValues {
                $0.baseAddress?.update(from: memory + entry.offset - first, count: entry.count)
            }
        }
    }

    // MARK: Tensors

    /// The values of an entry.
    package func tensor(_ entry: Entry) throws -> Tensor {
        try Tensor(shape: entry.spec.shape) { _ = $0.update(fromContentsOf: entry.parameter.values) }
    }

    /// What a buffer of this layout has for an entry.
    package func tensor(_ entry: Entry, in buffer: AlignedBuffer) throws -> Tensor {
        try Tensor(shape: entry.spec.shape) {
            $0.baseAddress?.update(from: buffer.floats + entry.offset, count: entry.count)
        }
    }

    /// A copy of the values of an entry.
    package func copy(of entry: Entry) -> Tensor {
        Tensor(copying: entry.parameter.values, shape: entry.spec.shape)
    }

    /// Checks that a tensor can be the values of an entry.
    package func check(_ tensor: Tensor, for entry: Entry) throws {
        guard tensor.shape == entry.spec.shape else {
            throw ConvNetError(
                .shape,
                "A parameter has another shape",
                at: entry.name,
                expected: "\(entry.spec.shape)",
                received: "\(tensor.shape)"
            )
        }
    }

    /// Replaces the values of an entry.
    package func set(_ tensor: Tensor, for entry: Entry) throws {
        try check(tensor, for: entry)
        entry.parameter.withMutableValues { values in
            tensor.withUnsafeBufferPointer { _ = values.update(fromContentsOf: $0) }
        }
    }

    /// Replaces what a buffer of this layout has for an entry.
    package func set(_ tensor: Tensor, for entry: Entry, in buffer: AlignedBuffer) throws {
        try check(tensor, for: entry)
        tensor.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            (buffer.floats + entry.offset).update(from: first, count: entry.count)
        }
    }
}
