extension Lowering {
    /// Checks that a merging layer has inputs.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it has none.
    func requireInputs(_ inputs: [Value], for kind: String) throws {
        guard inputs.isEmpty else { return }
        throw ConvNetError(
            .shape,
            "\(kind) takes inputs",
            expected: "at least 1 input",
            received: "none"
        )
    }

    /// The two inputs of a layer that takes no other number.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there are not two.
    func pair(_ inputs: [Value], for kind: String) throws -> (Value, Value) {
        guard inputs.count == 2 else {
            throw ConvNetError(
                .shape,
                "\(kind) takes two inputs",
                expected: "2 inputs",
                received: "\(inputs.count): \(inputs.map(\.shape))"
            )
        }
        return (inputs[0], inputs[1])
    }

    /// A function of two inputs, applied to the first two, then to that and the third, and so on.
    mutating func fold(
        _ inputs: [Value],
        for kind: String,
        _ join: (inout Lowering, Value, Value) throws -> Value
    ) throws -> [Value] {
        try requireInputs(inputs, for: kind)
        return [try inputs.dropFirst().reduce(inputs[0]) { try join(&self, $0, $1) }]
    }
}
