import SwiftConvNet

/// The oracles: each layer written down from its formula, in double precision.
public enum Reference {}

extension Reference {
    /// Outputs along one axis, and the padding before it: Keras' rules (`facts/keras-inventory.md`, 1.2).
    static func axis(
        _ size: Int,
        window: Int,
        stride: Int,
        dilation: Int,
        _ padding: Padding
    ) -> (output: Int, before: Int) {
        let effective = (window - 1) * dilation + 1
        switch padding {
        case .valid: return ((size - effective) / stride + 1, 0)
        case .same:
            let output = Int((Double(size) / Double(stride)).rounded(.up))
            return (output, max((output - 1) * stride + effective - size, 0) / 2)
        }
    }

    /// Convolution: x `[n, h, w, c]`, kernel `[kh, kw, c / groups, filters]`, bias `[filters]`.
    public static func conv2D(
        _ x: ReferenceTensor,
        kernel: ReferenceTensor,
        bias: ReferenceTensor?,
        strides: Size2D = 1,
        padding: Padding = .valid,
        dilation: Size2D = 1,
        groups: Int = 1
    ) -> ReferenceTensor {
        let (kh, kw, groupChannels, filters) = (
            kernel.shape[0], kernel.shape[1], kernel.shape[2], kernel.shape[3]
        )
        let rows = axis(x.shape[1], window: kh, stride: strides.height, dilation: dilation.height, padding)
        let columns = axis(x.shape[2], window: kw, stride: strides.width, dilation: dilation.width, padding)
        var y = ReferenceTensor(zeros: [x.shape[0], rows.output, columns.output, filters])
        for n in 0..<x.shape[0] {
            for i in 0..<rows.output {
                for j in 0..<columns.output {
                    for f in 0..<filters {
                        var sum = bias?.elements[f] ?? 0
                        let firstChannel = f / (filters / groups) * groupChannels
                        for u in 0..<kh {
                            let h = i * strides.height + u * dilation.height - rows.before
                            guard h >= 0, h < x.shape[1] else { continue }
                            for v in 0..<kw {
                                let w = j * strides.width + v * dilation.width - columns.before
                                guard w >= 0, w < x.shape[2] else { continue }
                                for c in 0..<groupChannels {
                                    sum += x[n, h, w, firstChannel + c] * kernel[u, v, c, f]
                                }
                            }
                        }
                        y[n, i, j, f] = sum
                    }
                }
            }
        }
        return y
    }

    /// What lies under each window of each channel, made one number by `reduce`.
    private static func pool(
        _ x: ReferenceTensor,
        _ size: Size2D,
        _ strides: Size2D,
        _ padding: Padding,
        _ reduce: ([Double]) -> Double
    ) -> ReferenceTensor {
        let rows = axis(x.shape[1], window: size.height, stride: strides.height, dilation: 1, padding)
        let columns = axis(x.shape[2], window: size.width, stride: strides.width, dilation: 1, padding)
        var y = ReferenceTensor(zeros: [x.shape[0], rows.output, columns.output, x.shape[3]])
        for n in 0..<x.shape[0] {
            for i in 0..<rows.output {
                for j in 0..<columns.output {
                    for c in 0..<x.shape[3] {
                        var values: [Double] = []
                        for u in 0..<size.height {
                            for v in 0..<size.width {
                                let h = i * strides.height + u - rows.before
                                let w = j * strides.width + v - columns.before
                                if h >= 0, h < x.shape[1], w >= 0, w < x.shape[2] {
                                    values.append(x[n, h, w, c])
                                }
                            }
                        }
                        y[n, i, j, c] = reduce(values)
                    }
                }
            }
        }
        return y
    }

    /// The largest value under each window; 0 where a window sees no value at all.
    public static func maxPool(
        _ x: ReferenceTensor,
        size: Size2D,
        strides: Size2D,
        padding: Padding
    ) -> ReferenceTensor {
        pool(x, size, strides, padding) { $0.max() ?? 0 }
    }

    /// The mean of the values under each window that lie in the image; 0 where there is none.
    public static func averagePool(
        _ x: ReferenceTensor,
        size: Size2D,
        strides: Size2D,
        padding: Padding
    ) -> ReferenceTensor {
        pool(x, size, strides, padding) { $0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count) }
    }

    /// The mean of each channel, `[n, c]`.
    public static func globalAveragePool(_ x: ReferenceTensor) -> ReferenceTensor {
        pool(x, Size2D(x.shape[1], x.shape[2]), 1, .valid) { $0.reduce(0, +) / Double($0.count) }
            .reshaped([x.shape[0], x.shape[3]])
    }

    /// The largest value of each channel, `[n, c]`.
    public static func globalMaxPool(_ x: ReferenceTensor) -> ReferenceTensor {
        pool(x, Size2D(x.shape[1], x.shape[2]), 1, .valid) { $0.max() ?? 0 }.reshaped([
            x.shape[0], x.shape[3],
        ])
    }

    /// Zeros around each image.
    public static func zeroPad(
        _ x: ReferenceTensor,
        top: Int,
        bottom: Int,
        left: Int,
        right: Int
    ) -> ReferenceTensor {
        let (height, width) = (x.shape[1], x.shape[2])
        var y = ReferenceTensor(zeros: [x.shape[0], top + height + bottom, left + width + right, x.shape[3]])
        for n in 0..<x.shape[0] {
            for h in 0..<height {
                for w in 0..<width {
                    for c in 0..<x.shape[3] { y[n, top + h, left + w, c] = x[n, h, w, c] }
                }
            }
        }
        return y
    }
}
