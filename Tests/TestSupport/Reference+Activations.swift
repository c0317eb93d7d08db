import Foundation
import SwiftConvNet

extension Reference {
    /// The activation functions that came later, by Keras' formulas.
    static func activateFurther(_ x: ReferenceTensor, _ function: ActivationFunction) -> ReferenceTensor {
        func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double { min(max(x, low), high) }
        switch function {
        case .relu6: return x.map { clamp($0, 0, 6) }
        case .clippedReLU(let slope, let maximum, let threshold):
            let (slope, threshold) = (Double(slope), Double(threshold))
            let limit = maximum.map { Double($0) } ?? .infinity
            return x.map { $0 > threshold ? min($0, limit) : slope * ($0 - threshold) }
        case .selu:
            return x.map { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) }
        case .celu(let alpha): return x.map { $0 > 0 ? $0 : Double(alpha) * expm1($0 / Double(alpha)) }
        case .logSigmoid: return x.map { -softplus(-$0) }
        case .sparseSigmoid: return x.map { clamp(($0 + 1) / 2, 0, 1) }
        case .hardSigmoid: return x.map { clamp($0 + 3, 0, 6) / 6 }
        case .hardTanh: return x.map { clamp($0, -1, 1) }
        case .tanhShrink: return x.map { $0 - Foundation.tanh($0) }
        case .sparsePlus: return x.map { $0 <= -1 ? 0 : $0 < 1 ? ($0 + 1) * ($0 + 1) / 4 : $0 }
        case .squareplus(let b): return x.map { ($0 + ($0 * $0 + Double(b)).squareRoot()) / 2 }
        case .softsign: return x.map { $0 / (1 + abs($0)) }
        case .hardSilu: return x.map { $0 * clamp($0 + 3, 0, 6) / 6 }
        case .mish: return x.map { $0 * Foundation.tanh(softplus($0)) }
        case .softShrink(let threshold):
            let t = Double(threshold)
            return x.map { $0 > t ? $0 - t : $0 < -t ? $0 + t : 0 }
        case .hardShrink(let threshold): return x.map { abs($0) > Double(threshold) ? $0 : 0 }
        case .threshold(let threshold, let value):
            return x.map { $0 > Double(threshold) ? $0 : Double(value) }
        case .exponential: return x.map { exp($0) }
        case .logSoftmax: return softmax(x).map { log($0) }
        case .sparsemax: return sparsemax(x)
        case .glu: return glu(x)
        default: preconditionFailure("no reference of \(function)")
        }
    }

    /// By sorting, as in the paper and in Keras.
    private static func sparsemax(_ x: ReferenceTensor) -> ReferenceTensor {
        var y = x
        for start in stride(from: 0, to: x.elements.count, by: x.channels) {
            let row = x.elements[start..<(start + x.channels)].sorted(by: >)
            var sum = 0.0, tau = 0.0
            for (index, value) in row.enumerated() {
                sum += value
                let candidate = (sum - 1) / Double(index + 1)
                if value > candidate { tau = candidate }
            }
            for place in start..<(start + x.channels) { y.elements[place] = max(x.elements[place] - tau, 0) }
        }
        return y
    }

    private static func glu(_ x: ReferenceTensor) -> ReferenceTensor {
        let half = x.channels / 2
        var y = ReferenceTensor(zeros: x.shape.dropLast() + [half])
        for place in y.elements.indices {
            let start = place / half * 2 * half + place % half
            y.elements[place] = x.elements[start] / (1 + exp(-x.elements[start + half]))
        }
        return y
    }
}
