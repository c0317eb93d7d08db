import SwiftConvNet

#if Images
    import CImageCodecs
#endif

/// JPEG files, by TurboJPEG.
enum JPEGCodec {
    #if Images

        static func header(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture.Header
        {
            try check(form, name: name)
            return try withFile(bytes, name: name, limits: limits, forPixels: false) { _, header in
                let sizes = (height: Int(header.height), width: Int(header.width))
                return Orientation(ofJPEG: bytes).swapsSides
                    ? Picture.Header(height: sizes.width, width: sizes.height)
                    : Picture.Header(height: sizes.height, width: sizes.width)
            }
        }

        static func decode(
            _ bytes: [UInt8],
            name: String,
            form: PixelForm,
            limits: ImageLimits,
            covering size: Size2D?
        ) throws -> Picture {
            try check(form, name: name)
            return try withFile(bytes, name: name, limits: limits, forPixels: true) { file, header in
                let orientation = Orientation(ofJPEG: bytes)
                let full = (height: Int(header.height), width: Int(header.width))
                let reduction = reduction(of: full, covering: size, swapped: orientation.swapsSides)
                let height = (full.height + reduction - 1) / reduction
                let width = (full.width + reduction - 1) / reduction
                let pixels = try Picture.bytes(height * width * form.channels, for: name) { target in
                    try CodecMessage.check("The JPEG file is broken", at: name) { message in
                        ci_jpeg_decode(file, form.code, Int32(reduction), target.baseAddress, message) == 1
                            ? () : nil
                    }
                }
                return try orientation.applied(
                    to: Picture(checked: pixels, height: height, width: width, channels: form.channels),
                    name: name
                )
            }
        }

        private static func check(_ form: PixelForm, name: String) throws {
            // Lossy compression invents levels between those of classes.
            guard form != .indices else {
                throw Picture.noIndices(name, received: "a JPEG file, which does not keep levels")
            }
        }

        /// The largest reduction at which the picture still has the size that is asked for.
        private static func reduction(
            of full: (height: Int, width: Int),
            covering size: Size2D?,
            swapped: Bool
        ) -> Int {
            guard let size else { return 1 }
            let wanted = swapped ? (size.width, size.height) : (size.height, size.width)
            return [8, 4, 2].first { full.height / $0 >= wanted.0 && full.width / $0 >= wanted.1 } ?? 1
        }

        /// Opens the file for `body`, and checks its colours and its size.
        private static func withFile<Result>(
            _ bytes: [UInt8],
            name: String,
            limits: ImageLimits,
            forPixels: Bool,
            _ body: (OpaquePointer, ci_jpeg_header) throws -> Result
        ) throws -> Result {
            try bytes.withUnsafeBufferPointer { bytes in
                var header = ci_jpeg_header()
                let file = try CodecMessage.check("The JPEG file is broken", at: name) {
                    ci_jpeg_open(bytes.baseAddress, bytes.count, forPixels ? 1 : 0, &header, $0)
                }
                defer { ci_jpeg_close(file) }
                guard header.is_cmyk == 0 else {
                    throw ConvNetError(
                        .format,
                        "The JPEG file has the colours of print",
                        at: name,
                        expected: "grey, or red, green and blue",
                        received: "CMYK",
                        remedy:
                            "Convert it, for example with ImageMagick: magick FILE -colorspace sRGB picture.jpg"
                    )
                }
                try limits.check(width: Int(header.width), height: Int(header.height), of: name)
                return try body(file, header)
            }
        }

    #else

        static func header(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture.Header
        {
            throw Picture.withoutTrait(name, .jpeg)
        }

        static func decode(
            _ bytes: [UInt8],
            name: String,
            form: PixelForm,
            limits: ImageLimits,
            covering size: Size2D?
        ) throws -> Picture {
            throw Picture.withoutTrait(name, .jpeg)
        }

    #endif
}
