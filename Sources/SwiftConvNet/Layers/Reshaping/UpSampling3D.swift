/// Makes a volume larger by whole factors: by repeating each element.
///
/// Shapes, without the batch axis: input `[depth, height, width, channels]`, output
/// `[size.depth · depth, size.height · height, size.width · width, channels]`.
///
/// ```swift
/// UpSampling3D(size: [1, 2, 2])
/// ```
public struct UpSampling3D: Layer, Hashable {
    /// `UpSampling3D`.
    public static let kind = "UpSampling3D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The factors of depth, height and width.
    public let size: Size3D

    /// A layer that makes a volume larger; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - size: the factors of depth, height and width, at least 1 each: `2`, or `[1, 2, 2]`. Default 2.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(size: Size3D = 2, name: String? = nil) {
        self.size = size
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a volume or the output does not fit in memory, of kind
    ///   `argument` if a factor is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try size.validate(as: "size")
        return try lowering.repeatElements(inputs, kind: Self.kind, factors: size.sizes)
    }
}
