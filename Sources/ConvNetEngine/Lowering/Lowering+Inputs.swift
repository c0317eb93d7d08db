extension Lowering {
    /// The only input of a layer.
    ///
    /// - Parameter kind: what the error calls the layer: its `kind`.
    /// - Throws: `ConvNetError` of kind `shape` if there is not exactly one.
    public func single(_ inputs: [Value], for kind: String = "The layer") throws -> Value {
        guard inputs.count == 1 else {
            throw ConvNetError(
                .shape,
                "\(kind) takes one input",
                expected: "1 input",
                received: "\(inputs.count): \(inputs.map(\.shape))"
            )
        }
        return inputs[0]
    }

    /// The height, width and channels of the only input.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image.
    public func image(_ inputs: [Value], for kind: String) throws -> (
        value: Value, height: Int, width: Int, channels: Int
    ) {
        let image = try image(inputs, axes: 2, for: kind)
        return (image.value, image.sizes[0], image.sizes[1], image.channels)
    }

    /// The sizes of the only input along its axes but the last, and its channels.
    ///
    /// - Parameter axes: their number: 1 for a sequence, 2 for an image, 3 for a volume.
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes.
    package func image(_ inputs: [Value], axes: Int, for kind: String) throws -> (
        value: Value, sizes: [Int], channels: Int
    ) {
        let value = try single(inputs, for: kind), shape = value.shape
        guard shape.rank == axes + 1 else {
            let (what, expected) =
                switch axes {
                case 1: ("sequences", "[length, channels]")
                case 2: ("images", "[height, width, channels]")
                default: ("volumes", "[depth, height, width, channels]")
                }
            throw ConvNetError(
                .shape,
                "\(kind) takes \(what)",
                expected: expected,
                received: "\(shape)",
                remedy: shape.rank == axes
                    ? "The channel axis is missing: reshape \(shape) to \(Shape(shape.dimensions + [1]))"
                    : "Reshape the input, or put a Reshape layer before this one"
            )
        }
        return (value, Array(shape.dimensions.dropLast()), shape[axes])
    }
}
