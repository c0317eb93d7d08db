/// Makes an image larger by whole factors: by repeating each pixel, or by interpolation.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output
/// `[size.height · height, size.width · width, channels]`.
///
/// ```swift
/// UpSampling2D(size: [2, 3], interpolation: .bilinear)
/// ```
public struct UpSampling2D: Layer, Hashable {
    /// `UpSampling2D`.
    public static let kind = "UpSampling2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The factors of height and width.
    public let size: Size2D
    /// What lies between the pixels.
    public let interpolation: Interpolation

    /// A layer that makes an image larger; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - size: the factors of height and width, at least 1 each: `2`, or `[2, 3]`. Default 2.
    ///   - interpolation: `.nearest`, the default, repeats each pixel; the others interpolate between the centres of pixels, as
    ///     `Resizing` does.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(size: Size2D = 2, interpolation: Interpolation = .nearest, name: String? = nil) {
        self.size = size
        self.interpolation = interpolation
        self.name = name
    }

    /// Emits a `Move`, or a `Resize`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image or the output does not fit in memory, of kind
    ///   `argument` if a factor is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try size.validate(as: "size")
        guard interpolation == .nearest else {
            let image = try lowering.image(inputs, for: Self.kind)
            let sizes = [image.height, image.width, image.channels]
            let factors = size.sizes + [1]
            let larger = try Shape(sizes).scaled(by: factors)
            return [
                try lowering.resize(
                    image.value,
                    size: Size2D(larger[0], larger[1]),
                    interpolation: interpolation
                )
            ]
        }
        return try lowering.repeatElements(inputs, kind: Self.kind, factors: size.sizes)
    }
}
