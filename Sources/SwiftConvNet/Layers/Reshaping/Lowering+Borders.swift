extension Lowering {
    /// Puts a border of zeros around the image that is the only input: so many elements before and behind each axis but the
    /// channels.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes, of kind `argument` if a width is out
    ///   of its range.
    mutating func addBorder(
        _ inputs: [Value],
        kind: String,
        padding: [(before: Int, after: Int)]
    ) throws -> [Value] {
        let image = try image(inputs, axes: padding.count, for: kind)
        try requireWidths(padding, as: "padding", "Padding adds zeros")
        return [try pad(image.value, padWidth: padding + [(0, 0)])]
    }

    /// Cuts so many elements before and behind each axis but the channels off the image that is the only input.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes, or nothing would be left; of kind
    ///   `argument` if a width is out of its range.
    mutating func crop(
        _ inputs: [Value],
        kind: String,
        cropping: [(before: Int, after: Int)]
    ) throws -> [Value] {
        let image = try image(inputs, axes: cropping.count, for: kind)
        try requireWidths(cropping, as: "cropping", "Cropping takes elements away")
        let rest = zip(image.sizes, cropping).map { $0 - $1.before - $1.after }
        guard rest.allSatisfy({ $0 >= 1 }) else {
            throw ConvNetError(
                .shape,
                "Nothing is left of the input",
                at: "cropping",
                expected: "less than the sizes \(image.sizes) in all",
                received: text(cropping)
            )
        }
        let part = try slice(
            image.value,
            startIndices: cropping.map(\.before) + [0],
            shape: Shape(rest + [image.channels])
        )
        return [part]
    }

    private func requireWidths(_ widths: [(before: Int, after: Int)], as role: String, _ what: String) throws
    {
        let allowed = 0...largestSize
        guard widths.allSatisfy({ allowed.contains($0.before) && allowed.contains($0.after) }) else {
            throw ConvNetError(
                .argument,
                what,
                at: role,
                expected: "0...\(largestSize) on each side",
                received: text(widths)
            )
        }
    }

    private func text(_ widths: [(before: Int, after: Int)]) -> String {
        "(" + widths.map { "(\($0.before), \($0.after))" }.joined(separator: ", ") + ")"
    }
}
