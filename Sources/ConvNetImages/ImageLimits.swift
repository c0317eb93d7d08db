import SwiftConvNet

/// What a picture may take at most. A file of a few kilobytes can claim to be a picture of terabytes; it is refused by its
/// header, before any memory is asked for.
public struct ImageLimits: Sendable, Hashable {
    /// The largest number of pixels. Default 100 million, a square of 10,000 by 10,000.
    public var pixels: Int
    /// The largest size of a file in bytes. Default 256 MiB.
    public var fileBytes: Int

    /// Limits of pixels and of bytes in a file.
    public init(pixels: Int = 100_000_000, fileBytes: Int = 1 << 28) {
        self.pixels = pixels
        self.fileBytes = fileBytes
    }

    /// Checks what a header says, for errors that call the file `name`.
    ///
    /// - Throws: `ConvNetError` of kind `format` for a picture without pixels, or too many.
    func check(width: Int, height: Int, of name: String) throws {
        guard width > 0, height > 0 else {
            throw ConvNetError(
                .format,
                "The picture has no pixels",
                at: name,
                expected: "at least one row and one column",
                received: "\(height) rows, \(width) columns"
            )
        }
        // Even without a limit, bytes can be counted.
        guard width <= min(pixels, Int.max / 64) / height else {
            throw ConvNetError(
                .format,
                "The picture is too large",
                at: name,
                expected: "at most \(pixels) pixels",
                received: "\(height) rows, \(width) columns",
                remedy: "Raise ImageLimits.pixels if the file is to be trusted"
            )
        }
    }
}
