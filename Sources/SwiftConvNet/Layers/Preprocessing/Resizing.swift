/// Gives images another height and width.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output `[height, width, channels]` with the height and
/// the width of the layer. Output pixel i lies at `(i + 0.5) * size / output size` of the input, whose pixel j covers j to j + 1.
///
/// ```swift
/// Resizing(height: 224, width: 224)
/// Resizing(height: 64, width: 64, interpolation: .bicubic, cropToAspectRatio: true)
/// ```
public struct Resizing: Layer, Hashable {
    /// What a border is filled with.
    public enum FillMode: String, Sendable, Hashable, Codable {
        /// One number everywhere: `fillValue`.
        case constant
    }

    /// `Resizing`.
    public static let kind = "Resizing"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The height of the output.
    public let height: Int
    /// The width of the output.
    public let width: Int
    /// How pixels between pixels are made.
    public let interpolation: Interpolation
    /// Whether the largest part of the input, from its middle, is taken that has the output's aspect ratio.
    public let cropToAspectRatio: Bool
    /// Whether the input first gets a border, with which it has the output's aspect ratio.
    public let padToAspectRatio: Bool
    /// What the border is filled with.
    public let fillMode: FillMode
    /// The number that a border is filled with.
    public let fillValue: Float
    /// Whether pixels of a smaller image are means over all that they stand for.
    public let antialias: Bool

    /// A layer that resizes images; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - height: the height of the output, at least 1.
    ///   - width: the width of the output, at least 1.
    ///   - interpolation: how pixels between pixels are made. Default `.bilinear`.
    ///   - cropToAspectRatio: whether only the largest part with the output's aspect ratio is taken, from the middle. Default
    ///     `false`: the image is distorted.
    ///   - padToAspectRatio: whether the image first gets a border, equal on both sides, with which it has the output's aspect
    ///     ratio. Default `false`. Not together with `cropToAspectRatio`.
    ///   - fillMode: what the border is filled with. Default `.constant`, as in Keras the only choice.
    ///   - fillValue: the number that a border is filled with. Default 0.
    ///   - antialias: whether pixels of a smaller image are means over all that they stand for; `.nearest` knows no difference.
    ///     Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        height: Int,
        width: Int,
        interpolation: Interpolation = .bilinear,
        cropToAspectRatio: Bool = false,
        padToAspectRatio: Bool = false,
        fillMode: FillMode = .constant,
        fillValue: Float = 0,
        antialias: Bool = false,
        name: String? = nil
    ) {
        self.height = height
        self.width = width
        self.interpolation = interpolation
        self.cropToAspectRatio = cropToAspectRatio
        self.padToAspectRatio = padToAspectRatio
        self.fillMode = fillMode
        self.fillValue = fillValue
        self.antialias = antialias
        self.name = name
    }

    /// Emits a `Resize`, and before it a `Move` where the aspect ratio is kept.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image, of kind `argument` if a setting is out of its
    ///   range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try requireSize(height, as: "height")
        try requireSize(width, as: "width")
        guard !cropToAspectRatio || !padToAspectRatio else {
            throw ConvNetError(
                .argument,
                "An image is cropped or padded to an aspect ratio, not both",
                at: "cropToAspectRatio, padToAspectRatio",
                expected: "at most one of them",
                received: "both"
            )
        }
        guard fillValue.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a number to fill a border with",
                at: "fillValue",
                expected: "a finite number",
                received: "\(fillValue)"
            )
        }
        var image = try lowering.image(inputs, for: Self.kind).value
        // In single precision, as Keras' backend does.
        let fit = AspectRatio(image.shape, height: height, width: width) { (a: Float, b) in Int(a / b) }
        if cropToAspectRatio {
            image = try lowering.cropCentre(image, height: fit.croppedHeight, width: fit.croppedWidth)
        } else if padToAspectRatio {
            let rows = (fit.paddedHeight - image.shape[0]) / 2
            let columns = (fit.paddedWidth - image.shape[1]) / 2
            image = try lowering.pad(
                image,
                padWidth: [(rows, rows), (columns, columns), (0, 0)],
                constantValue: fillValue
            )
        }
        return [
            try lowering.resizeIfNeeded(
                image,
                Size2D(height, width),
                interpolation,
                antialias: antialias
            )
        ]
    }
}
