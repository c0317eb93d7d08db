/// The largest value of each share of a sequence, channel by channel: the output has the same size for inputs of any size.
///
/// Of n outputs along an axis of m elements, output i covers the elements from i·m / n, rounded down, to (i + 1)·m / n, rounded
/// up: neighbours may share an element. Shapes, without the batch axis: input `[length, channels]`, output
/// `[outputSize, channels]`. Backwards, the first of equal
/// largest values gets the gradient.
public struct AdaptiveMaxPooling1D: Layer, Hashable {
    /// `AdaptiveMaxPooling1D`.
    public static let kind = "AdaptiveMaxPooling1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The output length.
    public let outputSize: Int

    /// An adaptive pooling layer; names and order are Keras'.
    ///
    /// - Parameters:
    ///   - outputSize: the output length, at least 1: `4`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(outputSize: Int, name: String? = nil) {
        self.outputSize = outputSize
        self.name = name
    }

    /// Emits a `Pool`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a sequence, of kind `argument` if `outputSize` is less
    ///   than 1.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try requireSize(outputSize, as: "outputSize")
        return try lowering.poolAdaptively(
            .maximum,
            inputs,
            kind: Self.kind,
            outputSize: [outputSize]
        )
    }
}
