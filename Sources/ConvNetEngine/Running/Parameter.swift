/// One array that networks learn or keep: its description and its values. Whoever holds the same parameter shares its values.
package final class Parameter: @unchecked Sendable {
    // Sendable because its owner decides who writes: one thread at a time uses a model, and nobody writes a predictor's.

    package let spec: ParameterSpec
    /// The values, `spec.shape.elementCount` of them.
    package let buffer: AlignedBuffer
    /// Counts the changes of the values, so that what was made from them is made anew.
    package private(set) var version = 0

    /// A parameter whose values are zero until it is initialized.
    ///
    /// - Parameter name: what errors call it.
    /// - Throws: `ConvNetError` of kind `shape` if a size is negative, of kind `environment` if there is not enough memory.
    package init(_ spec: ParameterSpec, name: String) throws {
        self.spec = spec
        let count = try spec.shape.validated(as: name).elementCount
        buffer = try AlignedBuffer(
            lasting: count * MemoryLayout<Float>.stride,
            for: "the parameters of the model"
        )
    }

    package var count: Int { spec.shape.elementCount }

    /// The values, to be read.
    package var values: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: buffer.floats, count: count) }

    /// Says that values have changed, or are about to.
    package func markChanged() { version += 1 }

    /// Lends the values to be changed.
    package func withMutableValues<Result>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        markChanged()
        return try body(UnsafeMutableBufferPointer(start: buffer.floats, count: count))
    }
}
