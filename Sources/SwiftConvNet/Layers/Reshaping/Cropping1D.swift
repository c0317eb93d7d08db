/// Cuts elements off both ends of a sequence.
///
/// Shapes, without the batch axis: input `[length, channels]`, output `[length - left - right, channels]`.
///
/// ```swift
/// Cropping1D(cropping: 2)         // two on each side
/// Cropping1D(cropping: (1, 0))    // the first
/// ```
public struct Cropping1D: Layer, Hashable {
    /// `Cropping1D`.
    public static let kind = "Cropping1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Elements that are cut off before the first element of the sequence.
    public let left: Int
    /// Elements that are cut off behind the last one.
    public let right: Int

    /// The same on both sides.
    ///
    /// - Parameters:
    ///   - cropping: the elements that are cut off on each side, at least 0. Default 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(cropping: Int = 1, name: String? = nil) {
        self.init(cropping: (cropping, cropping), name: name)
    }

    /// Each side on its own.
    ///
    /// - Parameters:
    ///   - cropping: the elements that are cut off before and behind the sequence, at least 0 each.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(cropping: (left: Int, right: Int), name: String? = nil) {
        left = cropping.left
        right = cropping.right
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a sequence or nothing is left of it, of kind `argument` if a
    ///   side's cropping is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.crop(inputs, kind: Self.kind, cropping: [(left, right)])
    }
}
