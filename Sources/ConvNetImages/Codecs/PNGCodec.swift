import SwiftConvNet

#if Images
    import CImageCodecs
#endif

/// PNG files, by libpng.
enum PNGCodec {
    #if Images

        static func header(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture.Header
        {
            try withFile(bytes, name: name, limits: limits) { _, header in
                try check(header, form, name: name)
                return Picture.Header(height: Int(header.height), width: Int(header.width))
            }
        }

        static func decode(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture
        {
            try withFile(bytes, name: name, limits: limits) { file, header in
                try check(header, form, name: name)
                let height = Int(header.height), width = Int(header.width)
                let pixels = try Picture.bytes(height * width * form.channels, for: name) { target in
                    try CodecMessage.check("The PNG file is broken", at: name) { message in
                        ci_png_decode(file, form.code, target.baseAddress, message) == 1 ? () : nil
                    }
                }
                return Picture(checked: pixels, height: height, width: width, channels: form.channels)
            }
        }

        /// Throws if indices are asked for, and the file has none.
        private static func check(_ header: ci_png_header, _ form: PixelForm, name: String) throws {
            let isGray = header.colour_type == 0
            guard form == .indices, header.bit_depth > 8 || !isGray && header.colour_type != 3 else { return }
            throw Picture.noIndices(
                name,
                received: isGray ? "grey levels of \(header.bit_depth) bits" : "colours, or grey with alpha"
            )
        }

        /// Opens the file for `body`, and checks its size.
        private static func withFile<Result>(
            _ bytes: [UInt8],
            name: String,
            limits: ImageLimits,
            _ body: (OpaquePointer, ci_png_header) throws -> Result
        ) throws -> Result {
            try bytes.withUnsafeBufferPointer { bytes in
                var header = ci_png_header()
                let file = try CodecMessage.check("The PNG file is broken", at: name) {
                    ci_png_open(bytes.baseAddress, bytes.count, &header, $0)
                }
                defer { ci_png_close(file) }
                try limits.check(width: Int(header.width), height: Int(header.height), of: name)
                return try body(file, header)
            }
        }

    #else

        static func header(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture.Header
        {
            throw Picture.withoutTrait(name, .png)
        }

        static func decode(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture
        {
            throw Picture.withoutTrait(name, .png)
        }

    #endif
}
