import SwiftConvNet

/// Brings the pictures of files to one size and form, as numbers 0...255: what Keras' `image_dataset_from_directory` does.
struct PictureReader: Sendable {
    /// What becomes of another aspect ratio than that of `size`.
    enum Aspect: String, Sendable, Hashable {
        /// The picture is stretched.
        case stretch
        /// The middle of the picture is kept, as much as has the ratio: Keras' `smart_resize`.
        case crop
        /// Zeros are put on both sides: TensorFlow's `resize_with_pad`.
        case pad
    }

    let colorMode: ColorMode
    let size: Size2D
    let interpolation: Interpolation
    let aspect: Aspect
    let limits: ImageLimits
    let decodesScaled: Bool
    /// Tables are made once for each size that comes up: most folders have few.
    private let resizers = Lock(RecentlyUsed<ResizerKey, ByteImageResizer>(limit: 64))

    private struct ResizerKey: Hashable {
        let size: Size2D, output: Size2D
        let channels: Int
        let interpolation: Interpolation
    }

    /// - Throws: `ConvNetError` of kind `argument` for a size that is none, or both ways to keep the aspect ratio.
    init(
        colorMode: ColorMode,
        size: Size2D,
        interpolation: Interpolation,
        crop: Bool,
        pad: Bool,
        limits: ImageLimits,
        decodesScaled: Bool
    ) throws {
        let sides = 1...(1 << 16)
        guard size.misfit == nil, sides.contains(size.height), sides.contains(size.width) else {
            throw ConvNetError(
                .argument,
                "Pictures cannot have this size",
                at: "ImageFolder, imageSize",
                expected: "height and width in \(sides)",
                received: size.misfit.map { "\($0)" } ?? "\(size.height), \(size.width)"
            )
        }
        guard !crop || !pad else {
            throw ConvNetError(
                .argument,
                "A picture is cropped or padded, not both",
                at: "ImageFolder",
                expected: "cropToAspectRatio or padToAspectRatio",
                received: "both"
            )
        }
        self.colorMode = colorMode
        self.size = size
        self.interpolation = interpolation
        aspect = crop ? .crop : pad ? .pad : .stretch
        self.limits = limits
        self.decodesScaled = decodesScaled
    }

    /// What makes the numbers of a picture what they are, besides its file.
    var identity: String {
        "\(colorMode.rawValue) \(size.height) \(size.width) \(interpolation.rawValue) \(aspect.rawValue) \(decodesScaled)"
    }

    /// Reads a picture `[height, width, channels]`.
    func read(_ path: String, into values: UnsafeMutableBufferPointer<Float>) throws {
        let picture = try Picture(
            contentsOf: path,
            colorMode: colorMode,
            limits: limits,
            covering: decodesScaled ? size : nil
        )
        try place(picture, interpolation, into: values, name: path)
    }

    /// Reads a mask `[height, width]`, of which each pixel is the class of the nearest one.
    ///
    /// - Parameters:
    ///   - path: the mask's file.
    ///   - picture: that of the picture, which has the same size.
    ///   - classes: for each level its class; `nil` if levels are the classes.
    func readMask(
        _ path: String,
        of picture: String,
        classes: MaskClasses?,
        into values: UnsafeMutableBufferPointer<Float>
    ) throws {
        let bytes = try FileContents.read(path, limit: limits.fileBytes)
        var mask = try Picture.decode(bytes, name: path, form: .indices, limits: limits)
        let expected = try Picture.header(ofFile: picture, limits: limits)
        guard expected == Picture.Header(height: mask.height, width: mask.width) else {
            throw ConvNetError(
                .data,
                "A mask has another size than its picture",
                at: path,
                expected: "\(expected.height) rows, \(expected.width) columns, as \(picture) has",
                received: "\(mask.height) rows, \(mask.width) columns"
            )
        }
        if let classes { mask = try classes.applied(to: mask, name: path) }
        try place(mask, .nearest, into: values, name: path)
    }

    // MARK: Sizes

    /// Which part of a picture becomes which part of the result.
    private struct Placement {
        var top = 0, left = 0
        var part: Size2D
        var above = 0, before = 0
        var output: Size2D
    }

    private func placement(of picture: Picture) -> Placement {
        let whole = Size2D(picture.height, picture.width)
        switch aspect {
        case .stretch: return Placement(part: whole, output: size)
        case .crop:
            // In single precision, as Keras computes it for pictures whose size is known only when they are read.
            let ratio = AspectRatio(
                [picture.height, picture.width, picture.channels],
                height: size.height,
                width: size.width
            ) { (product: Float, side: Float) in Int(product / side) }
            let part = Size2D(ratio.croppedHeight, ratio.croppedWidth)
            return Placement(
                top: (picture.height - part.height) / 2,
                left: (picture.width - part.width) / 2,
                part: part,
                output: size
            )
        case .pad:
            let ratio = max(
                Float(picture.width) / Float(size.width),
                Float(picture.height) / Float(size.height)
            )
            let height = Float(picture.height) / ratio, width = Float(picture.width) / ratio
            // A line of pixels keeps one, where TensorFlow has an error.
            let output = Size2D(
                min(max(Int(height), 1), size.height),
                min(max(Int(width), 1), size.width)
            )
            let above = max(Int(((Float(size.height) - height) / 2).rounded(.down)), 0)
            let before = max(Int(((Float(size.width) - width) / 2).rounded(.down)), 0)
            return Placement(
                part: whole,
                above: min(above, size.height - output.height),
                before: min(before, size.width - output.width),
                output: output
            )
        }
    }

    /// Resizes a picture, which errors call `name`, into `values`.
    private func place(
        _ picture: Picture,
        _ interpolation: Interpolation,
        into values: UnsafeMutableBufferPointer<Float>,
        name: String
    ) throws {
        let placement = placement(of: picture)
        let channels = picture.channels
        let resizer = resizer(
            ResizerKey(
                size: placement.part,
                output: placement.output,
                channels: channels,
                interpolation: interpolation
            )
        )
        if placement.output != size { values.update(repeating: 0) }
        guard let target = values.baseAddress else { return }
        let scratch = resizer.scratchCount
        try MemoryCheck.require(scratch * MemoryLayout<Float>.stride, for: "\(name), its resizing")
        withUnsafeTemporaryAllocation(of: Float.self, capacity: scratch) { scratch in
            picture.pixels.withUnsafeBufferPointer { pixels in
                guard let scratch = scratch.baseAddress, let source = pixels.baseAddress else { return }
                resizer.resize(
                    source + (placement.top * picture.width + placement.left) * channels,
                    rowStride: picture.width * channels,
                    scratch: scratch,
                    into: target + (placement.above * size.width + placement.before) * channels,
                    outputStride: size.width * channels
                )
            }
        }
    }

    private func resizer(_ key: ResizerKey) -> ByteImageResizer {
        if let resizer = resizers.withLock({ $0[key] }) { return resizer }
        let resizer = ByteImageResizer(
            from: key.size,
            to: key.output,
            channels: key.channels,
            key.interpolation
        )
        resizers.withLock { $0[key] = resizer }
        return resizer
    }
}

/// The classes that the levels of a mask stand for.
struct MaskClasses: Sendable, Hashable {
    /// The level of each class.
    let levels: [Int]
    /// The class of each level; 256 values, -1 for none.
    private let classes: [Int]

    /// - Throws: `ConvNetError` of kind `argument` for a level that is no byte, or that comes twice.
    init(levels: [Int]) throws {
        guard levels.allSatisfy({ (0...255).contains($0) }), Set(levels).count == levels.count,
            !levels.isEmpty
        else {
            throw ConvNetError(
                .argument,
                "The levels of a mask's classes are none",
                at: "ImageFolder, maskValues",
                expected: "different numbers in 0...255",
                received: "\(levels)"
            )
        }
        self.levels = levels
        classes = (0...255).map { levels.firstIndex(of: $0) ?? -1 }
    }

    /// The mask with classes in place of levels.
    ///
    /// - Throws: `ConvNetError` of kind `data` for a level without a class, of kind `environment` if there is not enough memory.
    func applied(to mask: Picture, name: String) throws -> Picture {
        if let place = mask.pixels.firstIndex(where: { classes[Int($0)] < 0 }) {
            throw ConvNetError(
                .data,
                "A pixel of a mask has no class",
                at: "\(name), row \(place / mask.width), column \(place % mask.width)",
                expected: "one of \(levels)",
                received: "\(mask.pixels[place])"
            )
        }
        let pixels = try Picture.bytes(mask.pixels.count, for: name) { target in
            for (place, level) in mask.pixels.enumerated() { target[place] = UInt8(classes[Int(level)]) }
        }
        return Picture(
            checked: pixels,
            height: mask.height,
            width: mask.width,
            channels: 1
        )
    }
}
