import SwiftConvNet

/// A grey image of any size, as a file has it: for pictures of one's own.
///
/// ```swift
/// let photo = try GrayImage(contentsOfPGM: "seven.pgm")
/// let digit = try photo.preparedDigit()          // [28, 28, 1], as MNIST's are
/// ```
public struct GrayImage: Hashable, Sendable {
    /// The largest number of pixels in a row, and of rows.
    public static let largestSide = 16_384
    /// The largest number of pixels.
    public static let largestPixelCount = 1 << 25

    /// The number of pixels in a row.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// The brightness of the pixels, row by row from the top: 0 is black, 1 is white.
    public let pixels: [Float]

    /// An image from the brightness of its pixels, row by row from the top.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the sizes are out of range or the pixels do not fill them; of
    ///   kind `data` if one is not in 0...1.
    public init(_ pixels: [Float], width: Int, height: Int) throws {
        let sides = 1...Self.largestSide
        guard sides.contains(width), sides.contains(height), width * height <= Self.largestPixelCount else {
            throw ConvNetError(
                .shape,
                "An image cannot have this size",
                at: "GrayImage",
                expected: Self.sizeLimit,
                received: "\(width) by \(height)"
            )
        }
        guard pixels.count == width * height else {
            throw ConvNetError(
                .shape,
                "The pixels do not fill the image",
                at: "GrayImage",
                expected: "\(width) by \(height) = \(width * height)",
                received: "\(pixels.count)"
            )
        }
        if let place = pixels.firstIndex(where: { !(0...1).contains($0) }) {
            throw ConvNetError(
                .data,
                "The brightness of a pixel is out of range",
                at: "pixel \(place)",
                expected: "0...1",
                received: "\(pixels[place])"
            )
        }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    static var sizeLimit: String {
        "sides of 1...\(largestSide) pixels, at most \(largestPixelCount) pixels in all"
    }
}
