/// The largest value under a window, channel by channel.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output
/// `[output height, output width, channels]`. Padding never wins, for it counts as minus infinity.
public struct MaxPooling2D: Layer, Hashable {
    /// `MaxPooling2D`.
    public static let kind = "MaxPooling2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The window's height and width.
    public let poolSize: Size2D
    /// The steps of the window.
    public let strides: Size2D
    /// What lies beyond the border.
    public let padding: Padding

    /// A pooling layer; `strides` is `poolSize` unless given.
    public init(poolSize: Size2D = 2, strides: Size2D? = nil, padding: Padding = .valid, name: String? = nil)
    {
        self.poolSize = poolSize
        self.strides = strides ?? poolSize
        self.padding = padding
        self.name = name
    }

    /// Emits a `Pool`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image or is smaller than the window, of kind
    ///   `argument` if a setting is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.pool(
            .maximum, inputs, kind: Self.kind, size: poolSize, strides: strides, padding: padding)
    }
}

extension Lowering {
    /// Checks the settings of a pooling layer, and emits its operator.
    mutating func pool(
        _ rule: Pool.Rule, _ inputs: [Value], kind: String, size: Size2D, strides: Size2D, padding: Padding
    ) throws -> [Value] {
        let image = try image(inputs, for: kind)
        try size.validate(as: "poolSize")
        try strides.validate(as: "strides")
        return try emit(Pool(rule, size: size, strides: strides, padding: padding), image.value)
    }
}
