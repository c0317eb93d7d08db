/// Cuts rows and columns off an image.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output
/// `[height - top - bottom, width - left - right, channels]`.
///
/// ```swift
/// Cropping2D(cropping: 1)                   // one on every side
/// Cropping2D(cropping: [1, 2])              // one above and below, two left and right
/// Cropping2D(cropping: ((1, 2), (0, 3)))    // one above, two below, none left, three right
/// ```
public struct Cropping2D: Layer, Hashable {
    /// `Cropping2D`.
    public static let kind = "Cropping2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Rows that are cut off above.
    public let top: Int
    /// Rows that are cut off below.
    public let bottom: Int
    /// Columns that are cut off at the left.
    public let left: Int
    /// Columns that are cut off at the right.
    public let right: Int
    /// The sizes as they were given, if they are no pair: `lower` refuses them.
    private var misfit: Size2D? = nil

    private enum CodingKeys: CodingKey { case name, top, bottom, left, right }

    /// The same above and below, and the same left and right.
    ///
    /// - Parameters:
    ///   - cropping: the rows above and below and the columns left and right, at least 0 each. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(cropping: Size2D = 0, name: String? = nil) {
        self.init(
            cropping: ((cropping.height, cropping.height), (cropping.width, cropping.width)),
            name: name
        )
        misfit = cropping.fits ? nil : cropping
    }

    /// Each side on its own.
    ///
    /// - Parameters:
    ///   - cropping: the rows above and below, then the columns left and right, at least 0 each.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(cropping: ((top: Int, bottom: Int), (left: Int, right: Int)), name: String? = nil) {
        top = cropping.0.top
        bottom = cropping.0.bottom
        left = cropping.1.left
        right = cropping.1.right
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image or nothing is left of it, of kind `argument` if
    ///   a side's cropping is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try misfit?.requireFit(as: "cropping")
        return try lowering.crop(inputs, kind: Self.kind, cropping: [(top, bottom), (left, right)])
    }
}
