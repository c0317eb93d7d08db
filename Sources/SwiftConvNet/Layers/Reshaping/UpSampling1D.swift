/// Makes a sequence larger by whole factors: by repeating each element.
///
/// Shapes, without the batch axis: input `[length, channels]`, output
/// `[size · length, channels]`.
///
/// ```swift
/// UpSampling1D(size: 3)
/// ```
public struct UpSampling1D: Layer, Hashable {
    /// `UpSampling1D`.
    public static let kind = "UpSampling1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The factor.
    public let size: Int

    /// A layer that makes a sequence larger; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - size: the factor, at least 1. Default 2.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(size: Int = 2, name: String? = nil) {
        self.size = size
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a sequence or the output does not fit in memory, of kind
    ///   `argument` if the factor is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try requireSize(size, as: "size")
        return try lowering.repeatElements(inputs, kind: Self.kind, factors: [size])
    }
}
