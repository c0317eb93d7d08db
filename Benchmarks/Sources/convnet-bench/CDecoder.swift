import CDecode
import SwiftConvNet

/// libpng and TurboJPEG as a program in C calls them.
final class CDecoder {
    private let decoder: OpaquePointer

    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    init() throws {
        guard let decoder = cd_make() else {
            throw ConvNetError(.environment, "There is not enough memory", at: "a decoder in C")
        }
        self.decoder = decoder
    }

    deinit { cd_free(decoder) }

    /// Decodes a file to red, green and blue.
    ///
    /// - Returns: the pixels, which stay until the next call.
    /// - Throws: `ConvNetError` of kind `format` if the library fails.
    func decode(_ bytes: [UInt8], as kind: PictureFiles.Kind) throws -> UnsafeBufferPointer<UInt8> {
        var width: Int32 = 0, height: Int32 = 0
        let pixels = bytes.withUnsafeBufferPointer { bytes in
            switch kind {
            case .jpeg: cd_jpeg(decoder, bytes.baseAddress, bytes.count, &width, &height)
            case .png: cd_png(decoder, bytes.baseAddress, bytes.count, &width, &height)
            }
        }
        guard let pixels else {
            throw ConvNetError(.format, "The library in C cannot decode a \(kind.rawValue) file")
        }
        return UnsafeBufferPointer(start: pixels, count: 3 * Int(width) * Int(height))
    }
}
