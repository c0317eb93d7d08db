import CKernels

/// Images with the padding of a convolution around them as zeros, so that every window lies inside.
///
/// An image is copied into a larger one in scratch memory; without padding nothing is copied.
struct ZeroBorder: Sendable {
    private let height: Int, rowCount: Int
    private let top: Int, left: Int
    private let paddedHeight: Int, paddedRowCount: Int
    /// The convolution's window over the whole image with its border.
    private let window: ck_window

    /// The border that a convolution of one group needs.
    init(_ geometry: WindowGeometry) {
        var window = geometry.window
        // The last window may end before the image does.
        let bottom =
            (window.output_height - 1) * window.stride_height
            + (window.kernel_height - 1) * window.dilation_height + 1
        let right =
            (window.output_width - 1) * window.stride_width
            + (window.kernel_width - 1) * window.dilation_width + 1
        window.height = max(geometry.height.padBefore + geometry.height.size, bottom)
        window.width = max(geometry.width.padBefore + geometry.width.size, right)
        window.pad_top = 0
        window.pad_left = 0
        self.window = window
        height = geometry.height.size
        rowCount = geometry.width.size * geometry.channels
        top = geometry.height.padBefore
        left = geometry.width.padBefore * geometry.channels
        paddedHeight = window.height
        paddedRowCount = window.width * geometry.channels
    }

    private var isNeeded: Bool { paddedHeight > height || paddedRowCount > rowCount }

    /// Bytes of memory for one image with its border.
    var scratch: Int { isNeeded ? AlignedBuffer.rounded(4 * paddedHeight * paddedRowCount) : 0 }

    /// The window over the image that `forEach` hands out for some rows of the output.
    func window(rows: Range<Int>) -> ck_window {
        var window = window
        window.height = linesUnder(rows).count
        window.output_height = rows.count
        return window
    }

    /// The lines of the padded image under the windows of some rows of the output.
    private func linesUnder(_ rows: Range<Int>) -> Range<Int> {
        let first = rows.lowerBound * window.stride_height
        let span = (window.kernel_height - 1) * window.dilation_height + 1
        return first..<((rows.upperBound - 1) * window.stride_height + span)
    }

    /// Calls `body` for each of `count` images with its number, and the image inside its border: the lines of it that
    /// the windows of some rows of the output need.
    func forEach(
        _ images: UnsafePointer<Float>,
        _ count: Int,
        rows: Range<Int>,
        _ scratch: UnsafeMutableRawPointer,
        _ body: (Int, UnsafePointer<Float>) -> Void
    ) {
        let needed = linesUnder(rows)
        guard isNeeded else {
            for image in 0..<count {
                body(image, images + (image * height + needed.lowerBound) * rowCount)
            }
            return
        }
        let padded = scratch.assumingMemoryBound(to: Float.self)
        let inside = needed.clamped(to: top..<(top + height))
        // The border is the same for all images; each overwrites the one before it.
        padded.update(repeating: 0, count: needed.count * paddedRowCount)
        for image in 0..<count {
            let first = images + image * height * rowCount
            for line in inside {
                (padded + (line - needed.lowerBound) * paddedRowCount + left)
                    .update(from: first + (line - top) * rowCount, count: rowCount)
            }
            body(image, UnsafePointer(padded))
        }
    }
}
