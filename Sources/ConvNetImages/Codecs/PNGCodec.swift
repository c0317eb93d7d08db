import SwiftConvNet

#if Images
    import CImageCodecs
#endif

/// PNG files, by libpng.
enum PNGCodec {
    #if Images

        static func header(_ bytes: [UInt8], name: String, limits: ImageLimits) throws -> Picture.Header {
            let header = try rawHeader(bytes, name: name, limits: limits)
            return Picture.Header(height: Int(header.height), width: Int(header.width))
        }

        static func decode(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture
        {
            var header = try rawHeader(bytes, name: name, limits: limits)
            let isGray = header.colour_type == 0
            if form == .indices, header.bit_depth > 8 || !isGray && header.colour_type != 3 {
                throw Picture.noIndices(
                    name,
                    received: isGray
                        ? "grey levels of \(header.bit_depth) bits" : "colours, or grey with alpha"
                )
            }
            let height = Int(header.height), width = Int(header.width)
            let pixels = try Picture.bytes(height * width * form.channels, for: name) { target in
                try CodecMessage.check("The PNG file is broken", at: name) { message in
                    ci_png_decode(bytes, bytes.count, form.code, &header, target.baseAddress, message)
                }
            }
            return Picture(checked: pixels, height: height, width: width, channels: form.channels)
        }

        private static func rawHeader(_ bytes: [UInt8], name: String, limits: ImageLimits) throws
            -> ci_png_header
        {
            var header = ci_png_header()
            try CodecMessage.check("The PNG file is broken", at: name) {
                ci_png_read_header(bytes, bytes.count, &header, $0)
            }
            try limits.check(width: Int(header.width), height: Int(header.height), of: name)
            return header
        }

    #else

        static func header(_ bytes: [UInt8], name: String, limits: ImageLimits) throws -> Picture.Header {
            throw Picture.withoutTrait(name, .png)
        }

        static func decode(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws
            -> Picture
        {
            throw Picture.withoutTrait(name, .png)
        }

    #endif
}
