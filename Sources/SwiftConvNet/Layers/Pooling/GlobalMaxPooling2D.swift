/// The largest value of each channel over the whole image.
///
/// `y[n, c] = max over h, w of x[n, h, w, c]`. Shapes, without the batch axis: input `[height, width, channels]`, output
/// `[channels]`, or `[1, 1, channels]` with `keepDims`. Backwards, equal largest values share the gradient, as in Keras.
public struct GlobalMaxPooling2D: Layer, Hashable {
    /// `GlobalMaxPooling2D`.
    public static let kind = "GlobalMaxPooling2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Whether height and width stay as axes of size 1.
    public let keepDims: Bool

    /// A layer that takes the largest value of each channel.
    ///
    /// - Parameters:
    ///   - keepDims: whether height and width stay as axes of size 1. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(keepDims: Bool = false, name: String? = nil) {
        self.keepDims = keepDims
        self.name = name
    }

    /// Emits a `Pool` over the whole image.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.poolGlobally(.maximum, inputs, kind: Self.kind, axes: 2, keepDims: keepDims)
    }
}
