/// Puts zeros before and behind a sequence.
///
/// Shapes, without the batch axis: input `[length, channels]`, output `[left + length + right, channels]`.
///
/// ```swift
/// ZeroPadding1D(padding: 2)         // two on each side
/// ZeroPadding1D(padding: (1, 0))    // one before
/// ```
public struct ZeroPadding1D: Layer, Hashable {
    /// `ZeroPadding1D`.
    public static let kind = "ZeroPadding1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Zeros before the first element of the sequence.
    public let left: Int
    /// Zeros behind the last one.
    public let right: Int

    /// The same on both sides.
    ///
    /// - Parameters:
    ///   - padding: the zeros on each side, at least 0. Default 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(padding: Int = 1, name: String? = nil) {
        self.init(padding: (padding, padding), name: name)
    }

    /// Each side on its own.
    ///
    /// - Parameters:
    ///   - padding: the zeros before and behind the sequence, at least 0 each.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(padding: (left: Int, right: Int), name: String? = nil) {
        left = padding.left
        right = padding.right
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a sequence, of kind `argument` if a
    ///   side's padding is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.addBorder(inputs, kind: Self.kind, padding: [(left, right)])
    }
}
