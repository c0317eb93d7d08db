import CKernels

/// Gives images of bytes `[height, width, channels]` another size outside of a network, as numbers, by the tables of `Resize`.
///
/// Only the rows that an output row is mixed from become numbers, so that a large photo needs no memory of four times its
/// size.
package struct ByteImageResizer: Sendable {
    private let rows: Resampling, columns: Resampling
    private let channels: Int
    /// Whether every output is the input of the same place.
    private let isIdentity: Bool

    /// A resizer from one size to another, each at least 1 by 1.
    package init(from size: Size2D, to output: Size2D, channels: Int, _ interpolation: Interpolation) {
        rows = Resampling(interpolation, from: size.height, to: output.height, antialias: false)
        columns = Resampling(interpolation, from: size.width, to: output.width, antialias: false)
        self.channels = channels
        isIdentity =
            size == output && [.nearest, .bilinear, .bicubic, .area].contains(interpolation)
    }

    /// The numbers that `resize` needs beside the output.
    package var scratchCount: Int { (rows.span + 1) * columns.size * channels }

    /// Resizes an image.
    ///
    /// - Parameters:
    ///   - image: its first byte.
    ///   - rowStride: the bytes from one of its rows to the next.
    ///   - scratch: `scratchCount` numbers.
    ///   - output: the numbers `[height, width, channels]` of the result, 0...255 but for kernels that overshoot.
    ///   - outputStride: the numbers from one row of the result to the next.
    package func resize(
        _ image: UnsafePointer<UInt8>,
        rowStride: Int,
        scratch: UnsafeMutablePointer<Float>,
        into output: UnsafeMutablePointer<Float>,
        outputStride: Int
    ) {
        let line = columns.size * channels
        if isIdentity {
            for y in 0..<rows.output {
                ck_normalize_u8(image + y * rowStride, output + y * outputStride, line, 1, 0)
            }
            return
        }
        let start: [Int32] = [0]
        columns.withTable { columns in
            start.withUnsafeBufferPointer { start in
                rows.weights.withUnsafeBufferPointer { weights in
                    guard let start = start.baseAddress, let weights = weights.baseAddress else { return }
                    for y in 0..<rows.output {
                        for k in 0..<rows.span {
                            let row = image + (Int(rows.starts[y]) + k) * rowStride
                            ck_normalize_u8(row, scratch + line + k * line, line, 1, 0)
                        }
                        var one = ck_resampling(
                            size: rows.span,
                            output: 1,
                            span: rows.span,
                            starts: start,
                            weights: weights + y * rows.span
                        )
                        var columns = columns
                        ck_resize(
                            scratch + line,
                            &one,
                            &columns,
                            channels,
                            scratch,
                            output + y * outputStride
                        )
                    }
                }
            }
        }
    }
}
