import SwiftConvNet

extension Picture {
    /// Whether the package was built with its trait `Images`, and reads PNG and JPEG files.
    public static var readsPNGAndJPEG: Bool {
        #if Images
            true
        #else
            false
        #endif
    }

    /// Reads a picture from a file: PNG or JPEG (with the trait `Images`), BMP, PBM, PGM or PPM, by its first bytes.
    ///
    /// The orientation that a camera notes in a JPEG file (EXIF) is applied. Of 16 bits the upper eight are kept, as TensorFlow
    /// does.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - colorMode: the channels to have. Default `.rgb`, as in Keras.
    ///   - limits: what the picture may take at most.
    ///   - size: if given, a JPEG file may be decoded at 1/2, 1/4 or 1/8 of its size, as long as it covers this one; that is
    ///     faster by about the same factor. Default `nil`: at full size.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read; of kind `format`, with its name and what is wrong, if
    ///   it is broken, too large or of another kind; of kind `environment` without the trait `Images`, or without enough memory.
    public init(
        contentsOf path: String,
        colorMode: ColorMode = .rgb,
        limits: ImageLimits = ImageLimits(),
        covering size: Size2D? = nil
    ) throws {
        let bytes = try FileContents.read(path, limit: limits.fileBytes)
        self = try Self.decode(bytes, name: path, form: .color(colorMode), limits: limits, covering: size)
    }

    /// Decodes the content of a file that holds a picture.
    ///
    /// - Parameters:
    ///   - bytes: the content of the file.
    ///   - name: what errors call it.
    ///   - colorMode: the channels to have. Default `.rgb`, as in Keras.
    ///   - limits: what the picture may take at most.
    ///   - size: as in ``init(contentsOf:colorMode:limits:covering:)``.
    /// - Throws: as ``init(contentsOf:colorMode:limits:covering:)``.
    public init(
        decoding bytes: [UInt8],
        name: String = "picture",
        colorMode: ColorMode = .rgb,
        limits: ImageLimits = ImageLimits(),
        covering size: Size2D? = nil
    ) throws {
        self = try Self.decode(bytes, name: name, form: .color(colorMode), limits: limits, covering: size)
    }

    /// What the beginning of a file says about its picture, after its orientation is applied.
    package struct Header: Hashable {
        package let height: Int
        package let width: Int

        package init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }
    }

    /// Reads no more than the header of a picture, and checks that it can be decoded as far as that says.
    ///
    /// - Throws: as ``init(contentsOf:colorMode:limits:covering:)``.
    package static func header(_ bytes: [UInt8], name: String, limits: ImageLimits = ImageLimits()) throws
        -> Header
    {
        try header(bytes, name: name, form: .color(.rgb), limits: limits)
    }

    /// The same, of what a decoder is asked for: indices are an error if the file has none.
    static func header(_ bytes: [UInt8], name: String, form: PixelForm, limits: ImageLimits) throws -> Header
    {
        switch try kind(of: bytes, name: name) {
        case .png: return try PNGCodec.header(bytes, name: name, form: form, limits: limits)
        case .jpeg: return try JPEGCodec.header(bytes, name: name, form: form, limits: limits)
        case .bitmap:
            let reader = try BMPReader(bytes, name: name, limits: limits)
            if form == .indices { try reader.checkIndices() }
            return reader.size
        default:
            let reader = try NetpbmReader(bytes, name: name, limits: limits)
            if form == .indices { try reader.checkIndices() }
            return reader.size
        }
    }

    static func decode(
        _ bytes: [UInt8],
        name: String,
        form: PixelForm,
        limits: ImageLimits,
        covering size: Size2D? = nil
    ) throws -> Picture {
        let kind = try kind(of: bytes, name: name)
        if kind == .png { return try PNGCodec.decode(bytes, name: name, form: form, limits: limits) }
        if kind == .jpeg {
            return try JPEGCodec.decode(bytes, name: name, form: form, limits: limits, covering: size)
        }
        let isRaw = form == .indices
        let picture =
            kind == .bitmap
            ? try BMPReader(bytes, name: name, limits: limits).picture(asIndices: isRaw)
            : try NetpbmReader(bytes, name: name, limits: limits).picture(asStored: isRaw)
        switch form {
        case .color(let mode): return try picture.converted(to: mode, name: name)
        case .indices: return picture
        }
    }

    /// The error of a mask whose pixels are no classes.
    static func noIndices(_ name: String, received: String) -> ConvNetError {
        ConvNetError(
            .format,
            "The picture cannot be a mask",
            at: name,
            expected: "indices of a palette, or grey levels of at most 8 bits",
            received: received,
            remedy: "Save the mask as a PNG file with a palette, or in grey, whose levels are the classes"
        )
    }

    private static func kind(of bytes: [UInt8], name: String) throws -> FileKind {
        // What most files of a folder are is seen at once: to look for all kinds takes a tenth of the time of a small picture.
        if bytes.starts(with: [0xFF, 0xD8]) { return .jpeg }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return .png }
        let kind = FileKind(firstBytes: bytes)
        switch kind {
        case .png, .jpeg, .bitmap, .pbm, .pgm, .ppm: if let kind { return kind }
        default: break
        }
        throw ConvNetError(
            .format,
            "The file holds no picture that can be read",
            at: name,
            expected: "a PNG, JPEG, BMP, PBM, PGM or PPM file",
            received: kind?.title ?? "something else",
            remedy: kind == .gif || kind == .webP || kind == .tiff
                ? "Convert it, for example with ImageMagick: magick FILE picture.png" : nil
        )
    }

    /// The error of a file that needs the trait `Images`.
    static func withoutTrait(_ name: String, _ kind: FileKind) -> ConvNetError {
        ConvNetError(
            .environment,
            "SwiftConvNet was built without its trait Images, and cannot read \(kind.title)",
            at: name,
            remedy:
                "Enable the trait Images in the package that depends on SwiftConvNet, or build with --traits Images"
        )
    }
}
