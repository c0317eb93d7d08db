/// Every parameter of a model in one buffer, with a name and a place for each: first all that an optimizer
/// changes, then all that layers keep, such as moving means. Each begins on a cache line; the gaps are zero.
///
/// Gradients and the slots of optimizers are buffers of the same layout, as long as the trainable part.
package final class ParameterStore {
    /// One parameter's place.
    package struct Entry: Sendable {
        /// The layer's name and the parameter's: `conv2d/kernel`.
        package let name: String
        package let spec: ParameterSpec
        /// In elements, from the beginning of the buffer.
        package let offset: Int
        package var count: Int { spec.shape.elementCount }
        package var range: Range<Int> { offset..<(offset + count) }
    }

    /// In the order of the layers, each layer's parameters in Keras' order.
    package let entries: [Entry]
    /// The elements of the trainable part, gaps included.
    package let trainableCount: Int
    /// The elements of the whole buffer, gaps included.
    package let totalCount: Int
    package let values: AlignedBuffer
    /// What kernels have made from the values: shared by all that run on them.
    let prepared = PreparedCache()
    /// Counts the changes of the values, so that what was made from them is made anew: whoever writes to `values`
    /// calls `markChanged`.
    private(set) var version = 0

    /// Lays out parameters, each a name and a description, in the order of the layers.
    package init(_ specs: [(name: String, spec: ParameterSpec)]) throws {
        let line = AlignedBuffer.alignment / MemoryLayout<Float>.stride
        var offsets = [Int](repeating: 0, count: specs.count)
        var end = 0
        func place(trainable: Bool) throws {
            for (index, item) in specs.enumerated() where item.spec.isTrainable == trainable {
                offsets[index] = end
                let count = try item.spec.shape.validated(as: item.name).elementCount
                end += (count + line - 1) / line * line
            }
        }
        try place(trainable: true)
        trainableCount = end
        try place(trainable: false)
        totalCount = end
        entries = zip(specs, offsets).map { Entry(name: $0.name, spec: $0.spec, offset: $1) }
        values = try AlignedBuffer(count: totalCount, for: "the parameters of the model")
    }

    /// A copy with values of its own.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    package init(copying other: ParameterStore) throws {
        entries = other.entries
        trainableCount = other.trainableCount
        totalCount = other.totalCount
        values = try AlignedBuffer(count: totalCount, for: "a copy of the model's parameters")
        values.floats.update(from: other.values.floats, count: totalCount)
    }

    /// Says that values have changed, or are about to.
    package func markChanged() { version += 1 }

    /// Gives every parameter its first values, each from a random stream of its own.
    package func initialize(seed: UInt64) throws {
        markChanged()
        for (index, entry) in entries.enumerated() {
            var random = RandomStream(seed: seed, purpose: .initialization, UInt32(index))
            let place = UnsafeMutableBufferPointer(start: values.floats + entry.offset, count: entry.count)
            do {
                try entry.spec.initializer.initialize(place, shape: entry.spec.shape, random: &random)
            } catch let error as ConvNetError {
                throw error.located(at: entry.name)
            }
        }
    }

    /// The values of an entry, from a buffer of this layout.
    package func tensor(_ entry: Entry, in buffer: AlignedBuffer) throws -> Tensor {
        try Tensor(shape: entry.spec.shape) {
            $0.baseAddress?.update(from: buffer.floats + entry.offset, count: entry.count)
        }
    }

    /// A copy of the values of an entry.
    package func copy(of entry: Entry) -> Tensor {
        Tensor(
            copying: UnsafeBufferPointer(start: values.floats + entry.offset, count: entry.count),
            shape: entry.spec.shape)
    }

    /// Checks that a tensor can be the values of an entry.
    package func check(_ tensor: Tensor, for entry: Entry) throws {
        guard tensor.shape == entry.spec.shape else {
            throw ConvNetError(
                .shape, "A parameter has another shape", at: entry.name, expected: "\(entry.spec.shape)",
                received: "\(tensor.shape)")
        }
    }

    /// Replaces the values of an entry, in a buffer of this layout.
    package func set(_ tensor: Tensor, for entry: Entry, in buffer: AlignedBuffer) throws {
        try check(tensor, for: entry)
        markChanged()
        tensor.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            (buffer.floats + entry.offset).update(from: first, count: entry.count)
        }
    }
}
