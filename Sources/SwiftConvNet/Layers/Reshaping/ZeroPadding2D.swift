/// Puts rows and columns of zeros around an image.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output
/// `[top + height + bottom, left + width + right, channels]`.
///
/// ```swift
/// ZeroPadding2D(padding: 1)                   // one on every side
/// ZeroPadding2D(padding: [1, 2])              // one above and below, two left and right
/// ZeroPadding2D(padding: ((1, 2), (0, 3)))    // one above, two below, none left, three right
/// ```
public struct ZeroPadding2D: Layer, Hashable {
    /// `ZeroPadding2D`.
    public static let kind = "ZeroPadding2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Rows above the image.
    public let top: Int
    /// Rows below the image.
    public let bottom: Int
    /// Columns left of the image.
    public let left: Int
    /// Columns right of the image.
    public let right: Int
    /// The sizes as they were given, if they are no pair: `outputShape` refuses them.
    private var misfit: Size2D? = nil

    private enum CodingKeys: CodingKey { case name, top, bottom, left, right }

    /// The same above and below, and the same left and right.
    ///
    /// - Parameters:
    ///   - padding: the rows above and below and the columns left and right, at least 0 each. Default 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(padding: Size2D = 1, name: String? = nil) {
        self.init(padding: ((padding.height, padding.height), (padding.width, padding.width)), name: name)
        misfit = padding.fits ? nil : padding
    }

    /// Each side on its own.
    ///
    /// - Parameters:
    ///   - padding: the rows above and below, then the columns left and right, at least 0 each.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(padding: ((top: Int, bottom: Int), (left: Int, right: Int)), name: String? = nil) {
        top = padding.0.top
        bottom = padding.0.bottom
        left = padding.1.left
        right = padding.1.right
        self.name = name
    }

    /// Emits a `Pad`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image, of kind `argument` if a side's padding is out
    ///   of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let image = try lowering.image(inputs, for: Self.kind)
        try misfit?.requireFit(as: "padding")
        guard [top, bottom, left, right].allSatisfy((0...largestSize).contains) else {
            throw ConvNetError(
                .argument,
                "Padding adds rows and columns",
                at: "padding",
                expected: "0...\(largestSize) on each side",
                received: "((\(top), \(bottom)), (\(left), \(right)))"
            )
        }
        return try lowering.emit(Pad(top: top, bottom: bottom, left: left, right: right), image.value)
    }
}
