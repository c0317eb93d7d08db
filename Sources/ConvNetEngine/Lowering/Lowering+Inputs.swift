extension Lowering {
    /// The only input of a layer.
    ///
    /// - Parameter kind: what the error calls the layer: its `kind`.
    /// - Throws: `ConvNetError` of kind `shape` if there is not exactly one.
    public func single(_ inputs: [Value], for kind: String = "The layer") throws -> Value {
        guard inputs.count == 1 else {
            throw ConvNetError(
                .shape, "\(kind) takes one input", expected: "1 input",
                received: "\(inputs.count): \(inputs.map(\.shape))")
        }
        return inputs[0]
    }

    /// The height, width and channels of the only input.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image.
    public func image(_ inputs: [Value], for kind: String) throws -> (
        value: Value, height: Int, width: Int, channels: Int
    ) {
        let value = try single(inputs, for: kind), shape = value.shape
        guard shape.rank == 3 else {
            throw ConvNetError(
                .shape,
                "\(kind) takes images",
                expected: "[height, width, channels]",
                received: "\(shape)",
                remedy: shape.rank == 2
                    ? "The channel axis is missing: reshape \(shape) to [\(shape[0]), \(shape[1]), 1]"
                    : "Reshape the input, or put a Reshape layer before this one"
            )
        }
        return (value, shape[0], shape[1], shape[2])
    }
}
