import CKernels
import Testing

/// Strides, padding on one side and both, dilation, windows larger than the image, groups (pixel stride above the
/// channels), one channel, channels around the vector widths.
let convolutionWindows: [ck_window] = [
    ck_window(height: 7, width: 9, channels: 1, kernel: (3, 3)),
    ck_window(height: 28, width: 28, channels: 1, kernel: (3, 3)),
    ck_window(height: 7, width: 9, channels: 1, kernel: (3, 3), stride: (2, 3)),
    ck_window(height: 7, width: 9, channels: 1, kernel: (3, 3), pad: (1, 1)),
    ck_window(height: 3, width: 3, channels: 1, kernel: (3, 3)),
    ck_window(height: 9, width: 8, channels: 1, kernel: (5, 5), pad: (2, 2)),
    ck_window(height: 6, width: 7, channels: 3, kernel: (3, 3), pad: (1, 1)),
    ck_window(height: 6, width: 7, channels: 3, kernel: (3, 3), stride: (2, 2), extraPad: 1),
    ck_window(height: 6, width: 5, channels: 5, kernel: (2, 4), pad: (1, 2)),
    ck_window(height: 5, width: 5, channels: 8, kernel: (1, 1)),
    ck_window(height: 5, width: 6, channels: 8, kernel: (1, 1), stride: (2, 2)),
    ck_window(height: 9, width: 11, channels: 5, kernel: (3, 3), dilation: (2, 3), pad: (2, 3)),
    ck_window(height: 9, width: 11, channels: 1, kernel: (3, 3), dilation: (2, 1)),
    ck_window(
        height: 9,
        width: 11,
        channels: 3,
        kernel: (3, 2),
        stride: (2, 1),
        dilation: (1, 2),
        pad: (1, 1)
    ),
    ck_window(height: 2, width: 2, channels: 3, kernel: (5, 5), pad: (2, 2)),
    ck_window(height: 6, width: 6, channels: 32, kernel: (3, 3)),
    ck_window(height: 6, width: 6, channels: 33, kernel: (3, 3), pad: (1, 1)),
    ck_window(height: 5, width: 7, channels: 3, pixelStride: 9, kernel: (3, 3), pad: (1, 1)),
    ck_window(height: 5, width: 7, channels: 1, pixelStride: 4, kernel: (3, 3)),
    ck_window(
        height: 7,
        width: 7,
        channels: 16,
        pixelStride: 32,
        kernel: (3, 3),
        stride: (2, 2),
        pad: (1, 1)
    ),
]

/// The same with several planes.
let volumeWindows: [ck_window] = [
    ck_window(height: 4, width: 5, channels: 2, kernel: (3, 3)).over(depth: 4, kernel: 2),
    ck_window(height: 5, width: 5, channels: 1, kernel: (3, 3)).over(depth: 3, kernel: 3),
    ck_window(height: 4, width: 5, channels: 3, kernel: (3, 2), pad: (1, 1))
        .over(depth: 5, kernel: 3, stride: 2, pad: 1),
    ck_window(height: 6, width: 4, channels: 5, kernel: (2, 2), dilation: (2, 1))
        .over(depth: 5, kernel: 2, dilation: 3, pad: 2),
    ck_window(height: 3, width: 4, channels: 4, pixelStride: 8, kernel: (2, 2), stride: (1, 2))
        .over(depth: 2, kernel: 4, pad: 2),
    ck_window(height: 3, width: 4, channels: 32, kernel: (3, 3), pad: (1, 1)).over(depth: 3, kernel: 1),
]

extension Kernels {
    struct Im2col {
        private func imageCount(_ w: ck_window) -> Int {
            // The last pixel of a group ends with its own channels.
            (w.pixels - 1) * w.pixel_stride + w.channels
        }

        private func reference(_ image: [Float], _ w: ck_window) -> [Float] {
            var columns: [Float] = []
            for output in 0..<w.outputs {
                for position in 0..<w.positions {
                    let pixel = w.pixel(output, position)
                    for c in 0..<w.channels {
                        columns.append(pixel.map { image[$0 * w.pixel_stride + c] } ?? 0)
                    }
                }
            }
            return columns
        }

        @Test(arguments: convolutionWindows + volumeWindows)
        func isTheMatrixOfWindows(w: ck_window) {
            var (window, numbers) = (w, Numbers(10))
            let image = numbers.floats(imageCount(w))
            let expected = reference(image, w)
            atEveryLevel {
                var columns = Guarded(count: expected.count)
                let columnsResult = columns.write { ck_im2col(image, &window, 0, w.outputs, $0) }
                #expect(columnsResult == expected)
            }
        }

        @Test(arguments: convolutionWindows + volumeWindows)
        func anyBlockOfRowsIsThatPartOfTheMatrix(w: ck_window) {
            var (window, numbers) = (w, Numbers(11))
            let image = numbers.floats(imageCount(w))
            let expected = reference(image, w)
            let length = expected.count / w.outputs
            atEveryLevel {
                for first in 0..<w.outputs {
                    for count in Set([0, 1, 2, w.output_width, w.output_width + 3, w.outputs - first])
                    where first + count <= w.outputs {
                        var block = Guarded(count: count * length)
                        let out = block.write { ck_im2col(image, &window, first, count, $0) }
                        // Compared outside the macro, which would print both arrays in full.
                        let agrees = out.elementsEqual(expected[first * length..<(first + count) * length])
                        #expect(agrees, "rows \(first) ..< \(first + count)")
                    }
                }
            }
        }

        @Test(arguments: convolutionWindows + volumeWindows)
        func col2imIsTheAdjoint(w: ck_window) {
            var (window, numbers) = (w, Numbers(12))
            let x = numbers.floats(imageCount(w))
            let columns = numbers.floats(w.outputs * w.positions * w.channels)
            let matrix = reference(x, w)
            let left = zip(matrix, columns).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            atEveryLevel {
                var image = Guarded(Array(repeating: 0, count: x.count))
                let back = image.write { ck_col2im(columns, &window, 0, w.outputs, 1, $0) }
                let right = zip(x, back).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                // At most 25 terms of size 2 per pixel in float: some 1e-6 per product.
                #expect((left - right).magnitude <= 1e-6 * Double(columns.count).squareRoot() * 4)
            }
        }

        @Test(arguments: convolutionWindows + volumeWindows)
        func col2imAddsEachElementWhereItCameFrom(w: ck_window) {
            var (window, numbers) = (w, Numbers(13))
            let columns = numbers.floats(w.outputs * w.positions * w.channels)
            let before = numbers.floats(imageCount(w))
            var expected = before.map(Double.init)
            var next = 0
            for output in 0..<w.outputs {
                for position in 0..<w.positions {
                    let pixel = w.pixel(output, position)
                    for c in 0..<w.channels {
                        if let pixel { expected[pixel * w.pixel_stride + c] += Double(columns[next]) }
                        next += 1
                    }
                }
            }
            atEveryLevel {
                var whole = Guarded(before)
                let out = whole.write { ck_col2im(columns, &window, 0, w.outputs, 1, $0) }
                // Up to 26 additions of sums up to 52, each rounded.
                expectClose(out, expected, absolute: 5e-5)
                // In two parts: the same additions in the same order, so the same bits.
                let half = w.outputs / 2
                let length = w.positions * w.channels
                var parts = Guarded(before)
                let inParts = parts.write { image in
                    ck_col2im(columns, &window, 0, half, 1, image)
                    columns.withUnsafeBufferPointer {
                        guard let base = $0.baseAddress else { return }
                        ck_col2im(base + half * length, &window, half, w.outputs - half, 1, image)
                    }
                }
                #expect(inParts == out)
            }
        }

        /// Windows that share no element: what was there before does not matter.
        @Test(arguments: [
            ck_window(height: 6, width: 4, channels: 3, kernel: (2, 2), stride: (2, 2)),
            ck_window(height: 4, width: 6, channels: 17, pixelStride: 34, kernel: (1, 3), stride: (1, 3)),
            ck_window(height: 4, width: 6, channels: 2, kernel: (2, 3), stride: (2, 3))
                .over(depth: 4, kernel: 2, stride: 2),
        ])
        func col2imStores(w: ck_window) {
            var (window, numbers) = (w, Numbers(14))
            let columns = numbers.floats(w.outputs * w.positions * w.channels)
            let zeros = Array(repeating: Float(0), count: imageCount(w))
            atEveryLevel {
                var (added, stored) = (Guarded(zeros), Guarded(numbers.floats(zeros.count)))
                let expected = added.write { ck_col2im(columns, &window, 0, w.outputs, 1, $0) }
                let out = stored.write { ck_col2im(columns, &window, 0, w.outputs, 0, $0) }
                for pixel in 0..<w.pixels {
                    let first = pixel * w.pixel_stride
                    #expect(out[first..<(first + w.channels)] == expected[first..<(first + w.channels)])
                }
            }
        }
    }
}
