/// Cuts planes, rows and columns off a volume.
///
/// Shapes, without the batch axis: input `[depth, height, width, channels]`, output
/// `[depth - front - back, height - top - bottom, width - left - right, channels]`.
///
/// ```swift
/// Cropping3D(cropping: [0, 1, 1])                       // no planes, one row and one column on every side
/// Cropping3D(cropping: ((1, 0), (0, 0), (2, 2)))        // the first plane, two columns left and right
/// ```
public struct Cropping3D: Layer, Hashable {
    /// `Cropping3D`.
    public static let kind = "Cropping3D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Planes that are cut off in front.
    public let front: Int
    /// Planes that are cut off at the back.
    public let back: Int
    /// Rows that are cut off above.
    public let top: Int
    /// Rows that are cut off below.
    public let bottom: Int
    /// Columns that are cut off at the left.
    public let left: Int
    /// Columns that are cut off at the right.
    public let right: Int
    /// The sizes as they were given, if they are not three: `lower` refuses them.
    private var misfit: Size3D? = nil

    private enum CodingKeys: CodingKey { case name, front, back, top, bottom, left, right }

    /// The same on both sides of each axis.
    ///
    /// - Parameters:
    ///   - cropping: the planes before and behind, the rows above and below, the columns left and right, at least 0 each.
    ///     Default 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(cropping: Size3D = 1, name: String? = nil) {
        self.init(
            cropping: (
                (cropping.depth, cropping.depth), (cropping.height, cropping.height),
                (cropping.width, cropping.width)
            ),
            name: name
        )
        misfit = cropping.fits ? nil : cropping
    }

    /// Each side on its own.
    ///
    /// - Parameters:
    ///   - cropping: the planes before and behind, the rows above and below, the columns left and right, at least 0 each.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        cropping: ((front: Int, back: Int), (top: Int, bottom: Int), (left: Int, right: Int)),
        name: String? = nil
    ) {
        (front, back) = cropping.0
        (top, bottom) = cropping.1
        (left, right) = cropping.2
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a volume or nothing is left of it, of kind `argument` if a
    ///   side's cropping is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try misfit?.requireFit(as: "cropping")
        return try lowering.crop(
            inputs,
            kind: Self.kind,
            cropping: [(front, back), (top, bottom), (left, right)]
        )
    }
}
