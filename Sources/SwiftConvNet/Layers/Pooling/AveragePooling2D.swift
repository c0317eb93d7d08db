/// The mean of the values under a window, channel by channel.
///
/// ```
/// y[n, i, j, c] = mean over u, v of x[n, i·s + u - p, j·s + v - p, c]
/// ```
///
/// with strides s and padding p. Only values inside the image count: with padding, a window at the border is divided
/// by the number of its elements that lie in the image, as in Keras. Shapes, without the batch axis: input
/// `[height, width, channels]`, output `[output height, output width, channels]`.
public struct AveragePooling2D: Layer, Hashable {
    /// `AveragePooling2D`.
    public static let kind = "AveragePooling2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The window's height and width.
    public let poolSize: Size2D
    /// The steps of the window.
    public let strides: Size2D
    /// What lies beyond the border.
    public let padding: Padding

    /// A pooling layer; names, order and defaults are Keras', which asks for a window here as well.
    ///
    /// - Parameters:
    ///   - poolSize: the window's height and width, at least 1 each: `2`, or `[3, 2]`.
    ///   - strides: the steps of the window, at least 1 each; `poolSize` unless given.
    ///   - padding: `.valid`, the default, or `.same`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(poolSize: Size2D, strides: Size2D? = nil, padding: Padding = .valid, name: String? = nil) {
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
        try poolSize.validate(as: "poolSize")
        try strides.validate(as: "strides")
        return try lowering.pool(
            .mean,
            inputs,
            kind: Self.kind,
            size: poolSize.sizes,
            strides: strides.sizes,
            padding: padding
        )
    }
}
