/// The sizes that an image has once it has the aspect ratio of another one.
package struct AspectRatio {
    /// Without what is cut off.
    package let croppedHeight: Int, croppedWidth: Int
    /// With what is added.
    package let paddedHeight: Int, paddedWidth: Int

    /// - Parameters:
    ///   - image: `[height, width, channels]`.
    ///   - height: that of the other image, at least 1.
    ///   - width: that of the other image, at least 1.
    ///   - quotient: how a product of sizes is divided by a size, and rounded down.
    package init<Number: BinaryFloatingPoint>(
        _ image: Shape,
        height: Int,
        width: Int,
        _ quotient: (Number, Number) -> Int
    ) {
        // Products and quotients in floating point, where huge sizes do not trap.
        func size(_ a: Int, _ b: Int, _ c: Int) -> Int {
            let limit = Number(largestSize)
            return quotient(min(Number(a) * Number(b), limit * Number(c)), Number(c))
        }
        let fittingHeight = size(image[1], height, width), fittingWidth = size(image[0], width, height)
        croppedHeight = max(min(image[0], fittingHeight), 1)
        croppedWidth = max(min(image[1], fittingWidth), 1)
        paddedHeight = max(image[0], fittingHeight)
        paddedWidth = max(image[1], fittingWidth)
    }
}

extension Lowering {
    /// The middle of an image, at most as large as it is; an odd row or column is left at the end.
    mutating func cropCentre(_ image: Value, height: Int, width: Int) throws -> Value {
        let sizes = image.shape
        return try slice(
            image,
            startIndices: [(sizes[0] - height) / 2, (sizes[1] - width) / 2, 0],
            shape: [height, width, sizes[2]]
        )
    }

    /// An image in another size, or itself if it has that size.
    mutating func resizeIfNeeded(
        _ image: Value,
        _ size: Size2D,
        _ interpolation: Interpolation,
        antialias: Bool = false
    ) throws -> Value {
        guard image.shape[0] != size.height || image.shape[1] != size.width else { return image }
        return try resize(image, size: size, interpolation: interpolation, antialias: antialias)
    }
}
