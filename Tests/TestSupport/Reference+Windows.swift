import SwiftConvNet

/// The oracles: each layer written down from its formula, in double precision.
public enum Reference {}

extension Reference {
    /// Outputs along one axis, and the padding before it: Keras' rules (`facts/keras-inventory.md`, 1.2).
    private static func axis(_ size: Int, window: Int, stride: Int, dilation: Int, _ padding: WindowPadding)
        -> (output: Int, before: Int)
    {
        let effective = (window - 1) * dilation + 1
        switch padding {
        case .valid: return ((size - effective) / stride + 1, 0)
        case .same:
            let output = Int((Double(size) / Double(stride)).rounded(.up))
            return (output, max((output - 1) * stride + effective - size, 0) / 2)
        case .causal: return ((size - 1) / stride + 1, effective - 1)
        }
    }

    /// What lies beyond the border along each axis.
    public enum WindowPadding: Sendable {
        case valid, same, causal

        public init(_ padding: Padding) { self = padding == .same ? .same : .valid }
    }

    /// Calls `body` for every index of a shape, with its place in row-major order.
    private static func forEachIndex(_ shape: [Int], _ body: (_ index: [Int], _ place: Int) -> Void) {
        for place in 0..<shape.reduce(1, *) {
            var rest = place
            var index = shape
            for axis in shape.indices.reversed() {
                (rest, index[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis])
            }
            body(index, place)
        }
    }

    /// The place of an index in a shape, or `nil` if it lies beyond it.
    private static func place(_ index: [Int], in shape: [Int]) -> Int? {
        var place = 0
        for (index, size) in zip(index, shape) {
            guard (0..<size).contains(index) else { return nil }
            place = place * size + index
        }
        return place
    }

    /// Convolution over any number of axes: x `[n, sizes, c]`, kernel `[window, c / groups, filters]`, bias `[filters]`.
    public static func convolution(
        _ x: ReferenceTensor,
        kernel: ReferenceTensor,
        bias: ReferenceTensor?,
        strides: [Int],
        padding: WindowPadding = .valid,
        dilation: [Int]? = nil,
        groups: Int = 1
    ) -> ReferenceTensor {
        let rank = strides.count, dilation = dilation ?? strides.map { _ in 1 }
        let sizes = Array(x.shape[1...rank]), window = Array(kernel.shape[..<rank])
        let axes = (0..<rank).map {
            axis(sizes[$0], window: window[$0], stride: strides[$0], dilation: dilation[$0], padding)
        }
        let outputs = axes.map(\.output), pixels = outputs.reduce(1, *), channels = x.channels
        let groupChannels = kernel.shape[rank], filters = kernel.shape[rank + 1]
        var y = ReferenceTensor(zeros: [x.shape[0]] + outputs + [filters])
        if let bias { for i in y.elements.indices { y.elements[i] = bias.elements[i % filters] } }
        for n in 0..<x.shape[0] {
            forEachIndex(outputs) { output, pixel in
                forEachIndex(window) { element, position in
                    let index = (0..<rank).map {
                        output[$0] * strides[$0] + element[$0] * dilation[$0] - axes[$0].before
                    }
                    guard let input = place(index, in: sizes) else { return }
                    let first = (n * sizes.reduce(1, *) + input) * channels
                    for f in 0..<filters {
                        let group = f / (filters / groups)
                        for c in 0..<groupChannels {
                            y.elements[(n * pixels + pixel) * filters + f] +=
                                x.elements[first + group * groupChannels + c]
                                * kernel.elements[(position * groupChannels + c) * filters + f]
                        }
                    }
                }
            }
        }
        return y
    }

    /// Convolution of images.
    public static func conv2D(
        _ x: ReferenceTensor,
        kernel: ReferenceTensor,
        bias: ReferenceTensor?,
        strides: Size2D = 1,
        padding: Padding = .valid,
        dilation: Size2D = 1,
        groups: Int = 1
    ) -> ReferenceTensor {
        convolution(
            x,
            kernel: kernel,
            bias: bias,
            strides: [strides.height, strides.width],
            padding: WindowPadding(padding),
            dilation: [dilation.height, dilation.width],
            groups: groups
        )
    }

    /// Transposed convolution: x `[n, sizes, c]`, kernel `[window, filters, c]`, bias `[filters]`; `outputs` and what is cut off
    /// `before` are given.
    public static func convolutionTransposed(
        _ x: ReferenceTensor,
        kernel: ReferenceTensor,
        bias: ReferenceTensor?,
        strides: [Int],
        dilation: [Int],
        outputs: [Int],
        before: [Int]
    ) -> ReferenceTensor {
        let rank = strides.count, sizes = Array(x.shape[1...rank]), window = Array(kernel.shape[..<rank])
        let channels = x.channels, filters = kernel.shape[rank], pixels = outputs.reduce(1, *)
        var y = ReferenceTensor(zeros: [x.shape[0]] + outputs + [filters])
        if let bias { for i in y.elements.indices { y.elements[i] = bias.elements[i % filters] } }
        for n in 0..<x.shape[0] {
            forEachIndex(sizes) { input, pixel in
                forEachIndex(window) { element, position in
                    let index = (0..<rank).map {
                        input[$0] * strides[$0] + element[$0] * dilation[$0] - before[$0]
                    }
                    guard let output = place(index, in: outputs) else { return }
                    for f in 0..<filters {
                        for c in 0..<channels {
                            y.elements[(n * pixels + output) * filters + f] +=
                                x.elements[(n * sizes.reduce(1, *) + pixel) * channels + c]
                                * kernel.elements[(position * filters + f) * channels + c]
                        }
                    }
                }
            }
        }
        return y
    }

    /// What lies under each window of each channel, made one number by `reduce`.
    public static func pool(
        _ x: ReferenceTensor,
        _ window: [Int],
        _ strides: [Int],
        _ padding: Padding,
        _ reduce: ([Double]) -> Double
    ) -> ReferenceTensor {
        let rank = window.count, sizes = Array(x.shape[1...rank]), channels = x.channels
        let axes = (0..<rank).map {
            axis(sizes[$0], window: window[$0], stride: strides[$0], dilation: 1, WindowPadding(padding))
        }
        return pool(x, axes.map(\.output), channels) { output in
            (0..<rank).map { axis in
                let first = output[axis] * strides[axis] - axes[axis].before
                return (first..<(first + window[axis])).clamped(to: 0..<sizes[axis])
            }
        } reduce: {
            reduce($0)
        }
    }

    /// What lies in the share of each axis that belongs to an output, made one number by `reduce`.
    public static func adaptivePool(
        _ x: ReferenceTensor,
        _ outputs: [Int],
        _ reduce: ([Double]) -> Double
    ) -> ReferenceTensor {
        pool(x, outputs, x.channels) { output in
            outputs.indices.map { axis in
                let share = Double(x.shape[axis + 1]) / Double(outputs[axis])
                // Rounded outwards; the tolerance keeps whole numbers what they are.
                let from = (Double(output[axis]) * share + 1e-9).rounded(.down)
                return Int(from)..<Int((Double(output[axis] + 1) * share - 1e-9).rounded(.up))
            }
        } reduce: {
            reduce($0)
        }
    }

    private static func pool(
        _ x: ReferenceTensor,
        _ outputs: [Int],
        _ channels: Int,
        ranges: ([Int]) -> [Range<Int>],
        reduce: ([Double]) -> Double
    ) -> ReferenceTensor {
        let sizes = Array(x.shape[1...outputs.count]), pixels = outputs.reduce(1, *)
        var y = ReferenceTensor(zeros: [x.shape[0]] + outputs + [channels])
        for n in 0..<x.shape[0] {
            forEachIndex(outputs) { output, pixel in
                let ranges = ranges(output)
                for c in 0..<channels {
                    var values: [Double] = []
                    forEachIndex(ranges.map(\.count)) { element, _ in
                        let index = zip(ranges, element).map { $0.lowerBound + $1 }
                        guard let input = place(index, in: sizes) else { return }
                        values.append(x.elements[(n * sizes.reduce(1, *) + input) * channels + c])
                    }
                    y.elements[(n * pixels + pixel) * channels + c] = reduce(values)
                }
            }
        }
        return y
    }

    /// The largest of some values; 0 if there are none.
    public static func maximum(_ values: [Double]) -> Double { values.max() ?? 0 }

    /// The mean of some values; 0 if there are none.
    public static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// The largest value under each window; 0 where a window sees no value at all.
    public static func maxPool(_ x: ReferenceTensor, size: Size2D, strides: Size2D, padding: Padding)
        -> ReferenceTensor
    {
        pool(x, [size.height, size.width], [strides.height, strides.width], padding, maximum)
    }

    /// The mean of the values under each window that lie in the image; 0 where there is none.
    public static func averagePool(_ x: ReferenceTensor, size: Size2D, strides: Size2D, padding: Padding)
        -> ReferenceTensor
    {
        pool(x, [size.height, size.width], [strides.height, strides.width], padding, mean)
    }

    /// The mean of each channel, `[n, c]`.
    public static func globalAveragePool(_ x: ReferenceTensor) -> ReferenceTensor {
        adaptivePool(x, x.shape.dropFirst().dropLast().map { _ in 1 }, mean)
            .reshaped([x.shape[0], x.channels])
    }

    /// The largest value of each channel, `[n, c]`.
    public static func globalMaxPool(_ x: ReferenceTensor) -> ReferenceTensor {
        adaptivePool(x, x.shape.dropFirst().dropLast().map { _ in 1 }, maximum)
            .reshaped([x.shape[0], x.channels])
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
