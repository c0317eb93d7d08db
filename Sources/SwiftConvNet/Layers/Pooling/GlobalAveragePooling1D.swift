/// The mean of each channel over the whole sequence.
///
/// `y[n, c] = mean over t of x[n, t, c]`. Shapes, without the batch axis: input `[length, channels]`, output
/// `[channels]`, or `[1, channels]` with `keepDims`.
public struct GlobalAveragePooling1D: Layer, Hashable {
    /// `GlobalAveragePooling1D`.
    public static let kind = "GlobalAveragePooling1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Whether the length stays as an axis of size 1.
    public let keepDims: Bool

    /// A layer that takes the mean of each channel.
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
        try lowering.poolGlobally(.mean, inputs, kind: Self.kind, axes: 1, keepDims: keepDims)
    }
}
