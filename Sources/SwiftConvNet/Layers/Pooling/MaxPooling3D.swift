/// The largest value under a window, channel by channel.
///
/// Shapes, without the batch axis: input `[depth, height, width, channels]`, output `[output depth, output height, output width, channels]`.
/// Padding never wins, for it counts as minus infinity.
public struct MaxPooling3D: Layer, Hashable {
    /// `MaxPooling3D`.
    public static let kind = "MaxPooling3D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The window's depth, height and width.
    public let poolSize: Size3D
    /// The steps of the window.
    public let strides: Size3D
    /// What lies beyond the border.
    public let padding: Padding

    /// A pooling layer; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - poolSize: the window's depth, height and width, at least 1 each: `2`, or `[1, 2, 2]`. Default 2.
    ///   - strides: the steps of the window, at least 1; `poolSize` unless given.
    ///   - padding: `.valid`, the default, or `.same`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        poolSize: Size3D = 2,
        strides: Size3D? = nil,
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
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a volume or is smaller than the window, of kind
    ///   `argument` if a setting is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try poolSize.validate(as: "poolSize")
        try strides.validate(as: "strides")
        return try lowering.pool(
            .maximum,
            inputs,
            kind: Self.kind,
            size: poolSize.sizes,
            strides: strides.sizes,
            padding: padding
        )
    }
}
