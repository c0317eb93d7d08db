/// The mean of each share of a volume, channel by channel: the output has the same size for inputs of any size.
///
/// Of n outputs along an axis of m elements, output i covers the elements from i·m / n, rounded down, to (i + 1)·m / n, rounded
/// up: neighbours may share an element. Shapes, without the batch axis: input `[depth, height, width, channels]`, output
/// `[output depth, output height, output width, channels]`.
public struct AdaptiveAveragePooling3D: Layer, Hashable {
    /// `AdaptiveAveragePooling3D`.
    public static let kind = "AdaptiveAveragePooling3D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The output depth, height and width.
    public let outputSize: Size3D

    /// An adaptive pooling layer; names and order are Keras'.
    ///
    /// - Parameters:
    ///   - outputSize: the output depth, height and width, at least 1: `4`, or `[1, 2, 4]`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(outputSize: Size3D, name: String? = nil) {
        self.outputSize = outputSize
        self.name = name
    }

    /// Emits a `Pool`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a volume, of kind `argument` if `outputSize` is less
    ///   than 1.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try outputSize.validate(as: "outputSize")
        return try lowering.poolAdaptively(
            .mean,
            inputs,
            kind: Self.kind,
            outputSize: outputSize.sizes
        )
    }
}
