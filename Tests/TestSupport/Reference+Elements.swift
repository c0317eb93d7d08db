import Foundation
import SwiftConvNet

extension Reference {
    /// An activation function: of each element, or along the last axis.
    public static func activate(_ x: ReferenceTensor, _ function: ActivationFunction) -> ReferenceTensor {
        switch function {
        case .linear: x
        case .relu: x.map { max($0, 0) }
        case .sigmoid: x.map { 1 / (1 + exp(-$0)) }
        case .tanh: x.map { Foundation.tanh($0) }
        case .softmax: softmax(x)
        case .leakyReLU(let slope): x.map { $0 > 0 ? $0 : Double(slope) * $0 }
        case .elu(let alpha): x.map { $0 > 0 ? $0 : Double(alpha) * expm1($0) }
        case .gelu(approximate: false): x.map { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }
        case .gelu(approximate: true):
            x.map {
                $0 / 2 * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
            }
        case .silu: x.map { $0 / (1 + exp(-$0)) }
        case .softplus: x.map(softplus)
        default: activateFurther(x, function)
        }
    }

    static func softplus(_ x: Double) -> Double { x > 30 ? x : log1p(exp(x)) }

    /// exp(x) / sum of exp(x), along the last axis.
    public static func softmax(_ x: ReferenceTensor) -> ReferenceTensor {
        var y = x
        for start in stride(from: 0, to: x.elements.count, by: x.channels) {
            let row = x.elements[start..<(start + x.channels)]
            let largest = row.max() ?? 0
            let sum = row.reduce(0) { $0 + exp($1 - largest) }
            for place in row.indices { y.elements[place] = exp(x.elements[place] - largest) / sum }
        }
        return y
    }

    /// x · kernel + bias along the last axis.
    public static func dense(
        _ x: ReferenceTensor,
        kernel: ReferenceTensor,
        bias: ReferenceTensor?
    ) -> ReferenceTensor {
        let (features, units) = (kernel.shape[0], kernel.shape[1])
        var y = ReferenceTensor(zeros: x.shape.dropLast() + [units])
        for row in 0..<(x.elements.count / features) {
            for unit in 0..<units {
                var sum = bias?.elements[unit] ?? 0
                for feature in 0..<features {
                    sum += x.elements[row * features + feature] * kernel.elements[feature * units + unit]
                }
                y.elements[row * units + unit] = sum
            }
        }
        return y
    }

    /// Mean and variance (divided by the number of values) of each channel, over all other axes.
    public static func moments(_ x: ReferenceTensor) -> (mean: [Double], variance: [Double]) {
        let count = x.elements.count / x.channels
        func column(_ channel: Int) -> [Double] { (0..<count).map { x.elements[$0 * x.channels + channel] } }
        let means = (0..<x.channels).map { column($0).reduce(0, +) / Double(count) }
        let variances = (0..<x.channels).map { channel in
            column(channel).reduce(0) { $0 + ($1 - means[channel]) * ($1 - means[channel]) } / Double(count)
        }
        return (means, variances)
    }

    /// gamma · (x - mean) / sqrt(variance + epsilon) + beta, along the last axis.
    public static func normalize(
        _ x: ReferenceTensor,
        mean: [Double],
        variance: [Double],
        gamma: [Double]?,
        beta: [Double]?,
        epsilon: Double
    ) -> ReferenceTensor {
        var y = x
        for place in x.elements.indices {
            let channel = place % x.channels
            let normal = (x.elements[place] - mean[channel]) / (variance[channel] + epsilon).squareRoot()
            y.elements[place] = normal * (gamma?[channel] ?? 1) + (beta?[channel] ?? 0)
        }
        return y
    }

    /// Batch normalisation while training: with the batch's own mean and variance.
    public static func batchNormalization(
        _ x: ReferenceTensor,
        gamma: ReferenceTensor?,
        beta: ReferenceTensor?,
        epsilon: Double = 1e-3
    ) -> ReferenceTensor {
        let (mean, variance) = moments(x)
        return normalize(
            x,
            mean: mean,
            variance: variance,
            gamma: gamma?.elements,
            beta: beta?.elements,
            epsilon: epsilon
        )
    }

    /// The sum of arrays; an axis of size 1 stands for as many as the others have. All have the same number of axes.
    public static func add(_ terms: [ReferenceTensor]) -> ReferenceTensor {
        let rank = terms[0].shape.count
        let shape = (0..<rank).map { axis in terms.map { $0.shape[axis] }.max() ?? 1 }
        var y = ReferenceTensor(zeros: shape)
        for place in y.elements.indices {
            var index = [Int](repeating: 0, count: rank)
            var rest = place
            for axis in (0..<rank).reversed() {
                index[axis] = rest % shape[axis]
                rest /= shape[axis]
            }
            for term in terms {
                let offset = zip(term.shape, index).reduce(0) { $0 * $1.0 + ($1.0 == 1 ? 0 : $1.1) }
                y.elements[place] += term.elements[offset]
            }
        }
        return y
    }

    /// Arrays side by side along an axis, counted with the batch as 0.
    public static func concatenate(_ parts: [ReferenceTensor], axis: Int) -> ReferenceTensor {
        var shape = parts[0].shape
        shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
        var elements: [Double] = []
        for outer in 0..<shape[..<axis].reduce(1, *) {
            for part in parts {
                let run = part.shape[axis...].reduce(1, *)
                elements += part.elements[(outer * run)..<((outer + 1) * run)]
            }
        }
        return ReferenceTensor(shape: shape, elements: elements)
    }
}
