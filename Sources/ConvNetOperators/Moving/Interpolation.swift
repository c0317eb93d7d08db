/// How an image gets another size.
public enum Interpolation: String, Sendable, Hashable, Codable, CaseIterable {
    /// The nearest pixel.
    case nearest
    /// A weighted mean of the two neighbours along each axis.
    case bilinear
    /// A weighted sum of four neighbours along each axis: Keys' cubic with a = -0.5.
    case bicubic
    /// Lanczos' kernel of radius 3.
    case lanczos3
    /// Lanczos' kernel of radius 5.
    case lanczos5
    /// The mean of what the pixel covers. Keras has it for picture folders alone.
    case area
    /// A bell of Gauss with a deviation of half a pixel, and radius 1.5. Keras has it for picture folders alone.
    case gaussian
    /// Mitchell and Netravali's cubic. Keras has it for picture folders alone.
    case mitchellCubic = "mitchellcubic"
}
