import CKernels

/// Images with the padding of a convolution around them as zeros, so that every window lies inside.
///
/// An image is copied into a larger one in scratch memory; without padding nothing is copied. What the first axis counts are
/// its slices: the rows of an image, the planes of a volume.
struct ZeroBorder: Sendable {
    private let slices: WindowAxis
    /// Lines of a slice, elements of a line, and what is before them in the image with its border.
    private let lineCount: Int, rowCount: Int
    private let top: Int, left: Int
    /// Sizes with the border.
    private let paddedSlices: Int, paddedLines: Int, paddedRowCount: Int
    /// The convolution's window over the whole image with its border.
    private let window: ck_window
    private let isVolume: Bool

    /// The border that a convolution of one group needs.
    init(_ geometry: WindowGeometry) {
        isVolume = !geometry.isPlane
        slices = geometry.slices
        let lines = isVolume ? geometry.height : .absent
        var window = geometry.window
        window.depth = geometry.depth.paddedSize
        window.height = geometry.height.paddedSize
        window.width = geometry.width.paddedSize
        (window.pad_front, window.pad_top, window.pad_left) = (0, 0, 0)
        self.window = window
        lineCount = lines.size
        rowCount = geometry.width.size * geometry.channels
        top = lines.padBefore
        left = geometry.width.padBefore * geometry.channels
        paddedSlices = slices.paddedSize
        paddedLines = lines.paddedSize
        paddedRowCount = geometry.width.paddedSize * geometry.channels
    }

    private var sliceCount: Int { lineCount * rowCount }
    private var paddedSliceCount: Int { paddedLines * paddedRowCount }
    private var isNeeded: Bool { paddedSlices > slices.size || paddedSliceCount > sliceCount }

    /// Bytes of memory for one image with its border.
    var scratch: Int { isNeeded ? AlignedBuffer.rounded(4 * paddedSlices * paddedSliceCount) : 0 }

    /// The window over the image that `forEach` hands out for some slices of the output.
    func window(slices: Range<Int>) -> ck_window {
        var window = window
        if isVolume {
            window.depth = slicesUnder(slices).count
            window.output_depth = slices.count
        } else {
            window.height = slicesUnder(slices).count
            window.output_height = slices.count
        }
        return window
    }

    /// The slices of the padded image under the windows of some slices of the output.
    private func slicesUnder(_ outputs: Range<Int>) -> Range<Int> {
        let first = outputs.lowerBound * slices.stride
        return first..<((outputs.upperBound - 1) * slices.stride + slices.reach)
    }

    /// Calls `body` for each of `count` images with its number, and the image inside its border: the slices of it that
    /// the windows of some slices of the output need.
    func forEach(
        _ images: UnsafePointer<Float>,
        _ count: Int,
        slices outputs: Range<Int>,
        _ scratch: UnsafeMutableRawPointer,
        _ body: (Int, UnsafePointer<Float>) -> Void
    ) {
        let needed = slicesUnder(outputs)
        guard isNeeded else {
            for image in 0..<count {
                body(image, images + (image * slices.size + needed.lowerBound) * sliceCount)
            }
            return
        }
        let padded = scratch.assumingMemoryBound(to: Float.self)
        let before = slices.padBefore
        let inside = needed.clamped(to: before..<(before + slices.size))
        // The border is the same for all images; each overwrites the one before it.
        padded.update(repeating: 0, count: needed.count * paddedSliceCount)
        for image in 0..<count {
            let first = images + image * slices.size * sliceCount
            for slice in inside {
                ck_copy_runs(
                    first + (slice - before) * sliceCount,
                    rowCount,
                    padded + (slice - needed.lowerBound) * paddedSliceCount + top * paddedRowCount + left,
                    paddedRowCount,
                    lineCount,
                    rowCount
                )
            }
            body(image, UnsafePointer(padded))
        }
    }
}
