/// Takes the middle of images.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output `[height, width, channels]` with the height and
/// the width of the layer. From a smaller image the largest part is taken, from its middle, that has the output's aspect ratio,
/// and is made larger by bilinear interpolation.
///
/// ```swift
/// CenterCrop(height: 224, width: 224)
/// ```
public struct CenterCrop: Layer, Hashable {
    /// `CenterCrop`.
    public static let kind = "CenterCrop"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The height of the output.
    public let height: Int
    /// The width of the output.
    public let width: Int

    /// A layer that crops images.
    ///
    /// - Parameters:
    ///   - height: the height of the output, at least 1.
    ///   - width: the width of the output, at least 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(height: Int, width: Int, name: String? = nil) {
        self.height = height
        self.width = width
        self.name = name
    }

    /// Emits a `Move`, and a `Resize` after it for smaller images.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image, of kind `argument` if a size is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try requireSize(height, as: "height")
        try requireSize(width, as: "width")
        let image = try lowering.image(inputs, for: Self.kind)
        if image.height >= height, image.width >= width {
            return [try lowering.cropCentre(image.value, height: height, width: width)]
        }
        // In double precision, as Keras' `smart_resize` does where sizes are known.
        let fit = AspectRatio(image.value.shape, height: height, width: width) { (a: Double, b) in Int(a / b)
        }
        let middle = try lowering.cropCentre(
            image.value,
            height: fit.croppedHeight,
            width: fit.croppedWidth
        )
        return [try lowering.resizeIfNeeded(middle, Size2D(height, width), .bilinear)]
    }
}
