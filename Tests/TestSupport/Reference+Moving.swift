import Foundation
import SwiftConvNet

extension Reference {
    /// Gathers elements: those of the output are where `source` says, or `fill` where it says `nil`. Indices are of samples; the
    /// batch axis stays.
    public static func gather(
        _ x: ReferenceTensor,
        shape: [Int],
        fill: Double = 0,
        _ source: (_ index: [Int]) -> [Int]?
    ) -> ReferenceTensor {
        let count = shape.reduce(1, *), inputShape = Array(x.shape.dropFirst())
        let inputCount = inputShape.reduce(1, *)
        var y = ReferenceTensor(zeros: [x.shape[0]] + shape)
        for place in 0..<count {
            var rest = place
            var index = shape
            for axis in shape.indices.reversed() {
                (rest, index[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis])
            }
            let from = source(index).map { zip($0, inputShape).reduce(0) { $0 * $1.1 + $1.0 } }
            for sample in 0..<x.shape[0] {
                y.elements[sample * count + place] = from.map { x.elements[sample * inputCount + $0] } ?? fill
            }
        }
        return y
    }

    /// The axes of samples in another order.
    public static func transpose(_ x: ReferenceTensor, _ order: [Int]) -> ReferenceTensor {
        let sizes = Array(x.shape.dropFirst())
        return gather(x, shape: order.map { sizes[$0] }) { index in
            var source = index
            for (place, axis) in order.enumerated() { source[axis] = index[place] }
            return source
        }
    }

    /// A border of samples.
    public static func pad(_ x: ReferenceTensor, _ widths: [(Int, Int)], fill: Double = 0) -> ReferenceTensor
    {
        let sizes = Array(x.shape.dropFirst())
        return gather(x, shape: zip(sizes, widths).map { $0 + $1.0 + $1.1 }, fill: fill) { index in
            let source = zip(index, widths).map { $0 - $1.0 }
            return zip(source, sizes).allSatisfy { (0..<$1).contains($0) } ? source : nil
        }
    }

    /// Parts of the axes of samples.
    public static func slice(
        _ x: ReferenceTensor,
        _ starts: [Int],
        _ shape: [Int],
        _ steps: [Int]
    ) -> ReferenceTensor {
        gather(x, shape: shape) { index in index.indices.map { starts[$0] + index[$0] * steps[$0] } }
    }

    /// Each element of samples several times along each axis.
    public static func repeatElements(_ x: ReferenceTensor, _ counts: [Int]) -> ReferenceTensor {
        let sizes = Array(x.shape.dropFirst())
        return gather(x, shape: zip(sizes, counts).map(*)) { zip($0, counts).map(/) }
    }

    /// Samples one after the other, several times along each axis.
    public static func tile(_ x: ReferenceTensor, _ counts: [Int]) -> ReferenceTensor {
        let sizes = Array(x.shape.dropFirst())
        return gather(x, shape: zip(sizes, counts).map(*)) { zip($0, sizes).map(%) }
    }

    /// Images `[n, h, w, c]` in another size: each output pixel is the mean of input pixels, weighted by a kernel at their
    /// distances along each axis.
    ///
    /// Exact; bicubic weights have the precision of TensorFlow's table where positions are multiples of 1/1024.
    public static func resize(
        _ x: ReferenceTensor,
        height: Int,
        width: Int,
        _ interpolation: Interpolation,
        antialias: Bool = false
    ) -> ReferenceTensor {
        let rows = weights(x.shape[1], height, interpolation, antialias)
        let columns = weights(x.shape[2], width, interpolation, antialias)
        var y = ReferenceTensor(zeros: [x.shape[0], height, width, x.shape[3]])
        for n in 0..<x.shape[0] {
            for h in 0..<height {
                for w in 0..<width {
                    for c in 0..<x.shape[3] {
                        var sum = 0.0
                        for i in rows[h].indices {
                            for j in columns[w].indices { sum += rows[h][i] * columns[w][j] * x[n, i, j, c] }
                        }
                        y[n, h, w, c] = sum
                    }
                }
            }
        }
        return y
    }

    /// For each output the weights of all inputs.
    private static func weights(
        _ size: Int,
        _ output: Int,
        _ interpolation: Interpolation,
        _ antialias: Bool
    ) -> [[Double]] {
        let scale = Double(size) / Double(output)
        return (0..<output).map { place in
            let centre = (Double(place) + 0.5) * scale
            if interpolation == .nearest {
                return (0..<size).map { $0 == min(Int(centre), size - 1) ? 1 : 0 }
            }
            if interpolation == .area {
                return (0..<size).map {
                    max(min(Double($0 + 1), centre + scale / 2) - max(Double($0), centre - scale / 2), 0)
                        / scale
                }
            }
            // At the border the nearest pixel stands for those beyond it: the mean over the pixels that there are.
            let clamps = interpolation == .bilinear && !antialias
            let position = clamps ? min(max(centre, 0.5), Double(size) - 0.5) : centre
            let width = antialias ? max(scale, 1) : 1
            let all = (0..<size).map { kernel(interpolation, abs(Double($0) + 0.5 - position) / width) }
            let sum = all.reduce(0, +)
            return all.map { $0 / sum }
        }
    }

    private static func kernel(_ interpolation: Interpolation, _ x: Double) -> Double {
        func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }
        return switch interpolation {
        case .nearest, .area: x < 0.5 ? 1 : 0
        case .gaussian: x >= 1.5 ? 0 : exp(-2 * x * x)
        case .mitchellCubic:
            x >= 2
                ? 0
                : x >= 1
                    ? ((-7.0 / 18 * x + 2) * x - 10.0 / 3) * x + 16.0 / 9
                    : (7.0 / 6 * x - 2) * x * x + 8.0 / 9
        case .bilinear: max(1 - x, 0)
        case .bicubic:
            x >= 2 ? 0 : x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1
        case .lanczos3: x >= 3 ? 0 : sinc(x) * sinc(x / 3)
        case .lanczos5: x >= 5 ? 0 : sinc(x) * sinc(x / 5)
        }
    }
}
