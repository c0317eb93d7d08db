/// The largest value under a window, channel by channel.
///
/// Shapes, without the batch axis: input `[length, channels]`, output `[output length, channels]`.
/// Padding never wins, for it counts as minus infinity.
public struct MaxPooling1D: Layer, Hashable {
    /// `MaxPooling1D`.
    public static let kind = "MaxPooling1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The length of the window.
    public let poolSize: Int
    /// The step of the window.
    public let strides: Int
    /// What lies beyond the border.
    public let padding: Padding

    /// A pooling layer; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - poolSize: the length of the window, at least 1. Default 2.
    ///   - strides: the step of the window, at least 1; `poolSize` unless given.
    ///   - padding: `.valid`, the default, or `.same`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        poolSize: Int = 2,
        strides: Int? = nil,
        padding: Padding = .valid,
        name: String? = nil
    ) {
        self.poolSize = poolSize
        self.strides = strides ?? poolSize
        self.padding = padding
        self.name = name
    }

    /// Emits a `Pool`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a sequence or is shorter than the window, of kind
    ///   `argument` if a setting is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try requireSize(poolSize, as: "poolSize")
        try requireSize(strides, as: "strides")
        return try lowering.pool(
            .maximum,
            inputs,
            kind: Self.kind,
            size: [poolSize],
            strides: [strides],
            padding: padding
        )
    }
}
