import Foundation

/// How an axis gets another size: for each output, the first input that it reads, and the weights of that and of those that
/// follow.
///
/// Outputs lie at half-pixel centres: output i at `(i + 0.5) * size / output` of the input, whose element j covers j to j + 1.
/// All is computed in single precision, as TensorFlow does, whose numbers Keras has.
///
/// Sources: TensorFlow 2.21, `core/kernels/image`: `resize_bilinear_op.cc`, `resize_bicubic_op.cc`,
/// `resize_nearest_neighbor_op.cc`, `resize_area_op.cc`; with antialiasing and for the other kernels `scale_and_translate_op.cc`
/// and `sampling_kernels.h`.
package struct Resampling: Sendable {
    package let size: Int, output: Int
    /// Inputs that an output reads, at most; weights of others are 0.
    package let span: Int
    /// For each output, the first of `span` inputs.
    package let starts: [Int32]
    /// For each output, `span` weights.
    package let weights: [Float]

    package init(_ interpolation: Interpolation, from size: Int, to output: Int, antialias: Bool) {
        let taps = (0..<output).map { place -> Taps in
            switch interpolation {
            case .nearest: Self.nearest(place, size, output)
            case .bilinear where !antialias: Self.bilinear(place, size, output)
            case .bicubic where !antialias: Self.bicubic(place, size, output)
            case .bilinear: Self.sampled(place, size, output, antialias, radius: 1) { max(1 - $0, 0) }
            case .bicubic: Self.sampled(place, size, output, antialias, radius: 2, Self.keys)
            case .lanczos3: Self.sampled(place, size, output, antialias, radius: 3) { Self.lanczos($0, 3) }
            case .lanczos5: Self.sampled(place, size, output, antialias, radius: 5) { Self.lanczos($0, 5) }
            case .area: Self.area(place, size, output)
            case .gaussian: Self.sampled(place, size, output, antialias, radius: 1.5, Self.gaussian)
            case .mitchellCubic: Self.sampled(place, size, output, antialias, radius: 2, Self.mitchell)
            }
        }
        let span = taps.reduce(1) { max($0, $1.weights.count) }
        self.size = size
        self.output = output
        self.span = span
        // All spans lie within the input, the last ones with zeros in front.
        let starts = taps.map { min($0.start, size - span) }
        self.starts = starts.map(Int32.init)
        weights = zip(taps, starts).flatMap { tap, start in
            let before = tap.start - start
            return Array(repeating: Float(0), count: before) + tap.weights
                + Array(repeating: 0, count: span - before - tap.weights.count)
        }
    }

    /// Neighbouring inputs, and their weights.
    private typealias Taps = (start: Int, weights: [Float])

    private static func nearest(_ place: Int, _ size: Int, _ output: Int) -> Taps {
        let scale = Float(size) / Float(output)
        return (min(Int((Float(place) + 0.5) * scale), size - 1), [1])
    }

    private static func bilinear(_ place: Int, _ size: Int, _ output: Int) -> Taps {
        let scale = Float(size) / Float(output)
        let position = (Float(place) + 0.5) * scale - 0.5
        let lower = max(Int(position.rounded(.down)), 0)
        let upper = min(Int(position.rounded(.up)), size - 1)
        let share = position - position.rounded(.down)
        return upper > lower ? (lower, [1 - share, share]) : (min(lower, size - 1), [1])
    }

    /// The shares of the inputs that an output covers.
    private static func area(_ place: Int, _ size: Int, _ output: Int) -> Taps {
        let scale = Float(size) / Float(output)
        let begin = Float(place) * scale, end = min(Float(place + 1) * scale, Float(size))
        let first = min(Int(begin), size - 1)
        let last = max(min(Int(end.rounded(.up)), size), first + 1)
        let shares = (first..<last).map { max(min(Float($0 + 1), end) - max(Float($0), begin), 0) }
        let sum = shares.reduce(0, +)
        return (first, sum > 0 ? shares.map { $0 / sum } : [1])
    }

    /// Weights from a table of 1,024 distances; those of elements beyond the border are dealt out to the others.
    private static func bicubic(_ place: Int, _ size: Int, _ output: Int) -> Taps {
        let scale = Float(size) / Float(output)
        let position = (Float(place) + 0.5) * scale - 0.5
        let base = Int(position.rounded(.down))
        let share = (position - Float(base)) * 1024
        let distance = share.rounded(.toNearestOrEven) / 1024
        let all = [keys(1 + distance), keys(distance), keys(1 - distance), keys(2 - distance)]
        let inside = (0..<4).filter { (0..<size).contains(base - 1 + $0) }
        let sum = inside.reduce(Float(0)) { $0 + all[$1] }
        return (base - 1 + (inside.first ?? 0), inside.map { all[$0] * (1 / sum) })
    }

    /// The weights of all inputs that a kernel reaches, which is as much wider as the image gets smaller if it is to prevent
    /// aliasing.
    private static func sampled(
        _ place: Int,
        _ size: Int,
        _ output: Int,
        _ antialias: Bool,
        radius: Float,
        _ kernel: (Float) -> Float
    ) -> Taps {
        let inverse = 1 / (Float(output) / Float(size))
        let width = antialias ? max(inverse, 1) : 1
        let position = (Float(place) + 0.5) * inverse
        let first = (position - radius * width - 0.5).rounded(.up)
        let last = (position + radius * width - 0.5).rounded(.down)
        let start = min(max(Int(first), 0), size - 1)
        let end = min(max(Int(last), 0), size - 1)
        let weights = (start...max(start, end)).map { source in
            kernel(abs((Float(source) + 0.5 - position) * (1 / width)))
        }
        let sum = weights.reduce(0, +)
        return (start, weights.map { $0 * (1 / sum) })
    }

    /// Keys' cubic, a = -0.5: R. Keys, Cubic convolution interpolation for digital image processing, 1981.
    private static func keys(_ x: Float) -> Float {
        if x >= 2 { return 0 }
        if x >= 1 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
        return (1.5 * x - 2.5) * x * x + 1
    }

    /// Radius 1.5, three deviations.
    private static func gaussian(_ x: Float) -> Float { x >= 1.5 ? 0 : exp(-x * x / (2 * 0.5 * 0.5)) }

    /// B = C = 1/3: D. Mitchell, A. Netravali, Reconstruction filters in computer graphics, 1988.
    private static func mitchell(_ x: Float) -> Float {
        if x >= 2 { return 0 }
        if x >= 1 { return ((-7 / 18 * x + 2) * x - 10 / 3) * x + 16 / 9 }
        return (7 / 6 * x - 2) * x * x + 8 / 9
    }

    /// sinc(x) * sinc(x / radius).
    private static func lanczos(_ x: Float, _ radius: Float) -> Float {
        if x > radius { return 0 }
        if x <= 1e-3 { return 1 }
        let pi = Float.pi
        return radius * sin(pi * x) * sin(pi * x / radius) / (pi * pi * x * x)
    }
}
