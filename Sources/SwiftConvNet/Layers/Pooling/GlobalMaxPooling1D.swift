/// The largest value of each channel over the whole sequence.
///
/// `y[n, c] = max over t of x[n, t, c]`. Shapes, without the batch axis: input `[length, channels]`, output
/// `[channels]`, or `[1, channels]` with `keepDims`. Backwards, equal largest values share the gradient, as in Keras.
public struct GlobalMaxPooling1D: Layer, Hashable {
    /// `GlobalMaxPooling1D`.
    public static let kind = "GlobalMaxPooling1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Whether the length stays as an axis of size 1.
    public let keepDims: Bool

    /// A layer that takes the largest value of each channel.
    ///
    /// - Parameters:
    ///   - keepDims: whether the length stays as an axis of size 1. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(keepDims: Bool = false, name: String? = nil) {
        self.keepDims = keepDims
        self.name = name
    }

    /// Emits a `Pool` over the whole sequence.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a sequence.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.poolGlobally(.maximum, inputs, kind: Self.kind, axes: 1, keepDims: keepDims)
    }
}
