/// Checks of operands that kernels read without asking how long they are.
extension NodeContext {
    /// The number of channels of a tensor `[batch, channels, ...]`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it has no such axis, or no channel.
    func channels(of x: ONNXValue) throws -> Int {
        guard x.rank >= 2, x.dims[1] > 0 else {
            throw ConvNetError(
                .shape,
                "A tensor has no channels",
                expected: "[batch, channels, ...]",
                received: "\(x.dims)"
            )
        }
        return x.dims[1]
    }

    /// The places of the axes behind batch and channels, among those of the value.
    ///
    /// - Throws: as `channels(of:)`.
    func sizePlaces(of x: ONNXValue) throws -> [Int] {
        _ = try channels(of: x)
        return (2..<x.rank).compactMap { x.place(of: $0) }
    }

    /// An operand that has a number for each of so many channels, filters or units.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it has more or fewer.
    func row(_ x: ONNXValue, of count: Int) throws -> Value {
        let value = try plain(x).value
        guard value.shape.elementCount == count else {
            throw ConvNetError(
                .shape,
                "An operand does not have a number for each channel",
                expected: "[\(count)]",
                received: "\(x.dims)"
            )
        }
        return value.shape == [count] ? value : try lowering.view(value, as: [count])
    }

    /// Checks that an operand has the shape that follows from the others.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it has another.
    func require(_ x: ONNXValue, _ what: String, is dims: [Int]) throws {
        guard x.dims != dims else { return }
        throw ConvNetError(
            .shape,
            "An operand does not fit the others",
            at: what,
            expected: "\(dims)",
            received: "\(x.dims)"
        )
    }

    /// Operands that are stretched to the shape of the first, which keeps it.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if another one is larger, or does not fit.
    func stretchedToFirst(_ operands: [ONNXValue]) throws -> Stretched {
        let all = try stretched(operands)
        guard let first = operands.first, all.dims == first.dims else {
            throw ConvNetError(
                .shape,
                "An operand is larger than the one that it stretches to",
                expected: "\(operands.first?.dims ?? []), or 1 in place of a size",
                received: "\(operands.dropFirst().map(\.dims))"
            )
        }
        return all
    }
}
