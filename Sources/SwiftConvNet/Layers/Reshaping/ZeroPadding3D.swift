/// Puts planes, rows and columns of zeros around a volume.
///
/// Shapes, without the batch axis: input `[depth, height, width, channels]`, output
/// `[front + depth + back, top + height + bottom, left + width + right, channels]`.
///
/// ```swift
/// ZeroPadding3D(padding: [0, 1, 1])                       // no planes, one row and one column on every side
/// ZeroPadding3D(padding: ((1, 0), (0, 0), (2, 2)))        // the first plane, two columns left and right
/// ```
public struct ZeroPadding3D: Layer, Hashable {
    /// `ZeroPadding3D`.
    public static let kind = "ZeroPadding3D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Planes of zeros before the volume.
    public let front: Int
    /// Planes of zeros behind it.
    public let back: Int
    /// Rows of zeros above it.
    public let top: Int
    /// Rows of zeros below it.
    public let bottom: Int
    /// Columns of zeros left of it.
    public let left: Int
    /// Columns of zeros right of it.
    public let right: Int
    /// The sizes as they were given, if they are not three: `lower` refuses them.
    private var misfit: Size3D? = nil

    private enum CodingKeys: CodingKey { case name, front, back, top, bottom, left, right }

    /// The same on both sides of each axis.
    ///
    /// - Parameters:
    ///   - padding: the planes before and behind, the rows above and below, the columns left and right, at least 0 each.
    ///     Default 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(padding: Size3D = 1, name: String? = nil) {
        self.init(
            padding: (
                (padding.depth, padding.depth), (padding.height, padding.height),
                (padding.width, padding.width)
            ),
            name: name
        )
        misfit = padding.fits ? nil : padding
    }

    /// Each side on its own.
    ///
    /// - Parameters:
    ///   - padding: the planes before and behind, the rows above and below, the columns left and right, at least 0 each.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        padding: ((front: Int, back: Int), (top: Int, bottom: Int), (left: Int, right: Int)),
        name: String? = nil
    ) {
        (front, back) = padding.0
        (top, bottom) = padding.1
        (left, right) = padding.2
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a volume, of kind `argument` if a
    ///   side's padding is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try misfit?.requireFit(as: "padding")
        return try lowering.addBorder(
            inputs,
            kind: Self.kind,
            padding: [(front, back), (top, bottom), (left, right)]
        )
    }
}
