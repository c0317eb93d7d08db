import Foundation

/// LRN: each element of an image `[pixels, channels]` divided by a power of the squares of its neighbours among the channels.
/// Formulas: Krizhevsky, Sutskever, Hinton 2012, section 3.3, with alpha divided by the size as ONNX has it.
struct NeighbouringChannels: Sendable {
    let pixels: Int, channels: Int, size: Int
    let alpha: Float, beta: Float, bias: Float

    /// The neighbours of a channel, itself among them.
    private func neighbours(_ channel: Int) -> Range<Int> {
        let first = max(channel - (max(size, 1) - 1) / 2, 0)
        return first..<(min(channel + max(size, 1) / 2, channels - 1) + 1)
    }

    /// What a power is taken of.
    private func base(_ pixel: UnsafePointer<Float>, _ channel: Int) -> Float {
        var sum: Float = 0
        for other in neighbours(channel) { sum += pixel[other] * pixel[other] }
        return bias + alpha / Float(max(size, 1)) * sum
    }

    func run(_ memory: PlainOperator.Memory) {
        for pixel in 0..<pixels {
            let x = memory.inputs[0] + pixel * channels, y = memory.outputs[0] + pixel * channels
            for channel in 0..<channels { y[channel] = x[channel] / pow(base(x, channel), beta) }
        }
    }

    func runBack(_ gradients: PlainOperator.Gradients) {
        guard let all = gradients.operands[0] else { return }
        let factor = -2 * alpha * beta / Float(max(size, 1))
        for pixel in 0..<pixels {
            let x = gradients.inputs[0] + pixel * channels, from = gradients.output + pixel * channels
            let to = all + pixel * channels
            for channel in 0..<channels {
                let base = base(x, channel), power = pow(base, -beta)
                to[channel] += from[channel] * power
                gradients.scratch[channel] = factor * from[channel] * x[channel] * power / base
            }
            for channel in 0..<channels {
                for other in neighbours(channel) { to[other] += x[other] * gradients.scratch[channel] }
            }
        }
    }
}
