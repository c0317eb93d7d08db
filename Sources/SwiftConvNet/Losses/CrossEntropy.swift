import Foundation

/// What the categorical losses share.
enum CrossEntropy {
    /// Keras' `epsilon()`: probabilities are kept this far from 0 and 1.
    static let epsilon: Float = 1e-7

    static func isSoftmax(_ layer: any Layer) -> Bool { (layer as? Activation)?.function == .softmax }

    /// Checks that predictions are classes along one axis.
    static func validateClasses(_ output: Shape, for kind: String) throws {
        guard output.rank == 1, output[0] >= 2 else {
            throw ConvNetError(
                .shape, "\(kind) needs one number per class", at: "model output", expected: "[classes], at least 2",
                received: "\(output)", remedy: "End the model with Dense(units: classes, activation: .softmax)")
        }
    }

    /// The loss of one sample, `-sum of target · log p`, and its gradient; `target` gives each class its share.
    static func categorical(_ sample: LossSample, fromLogits: Bool, target: (Int) -> Float) -> Float {
        if let logits = sample.logits ?? (fromLogits ? sample.prediction : nil) {
            return fromLogitsLoss(logits, sample, target)
        }
        return fromProbabilities(sample, target)
    }

    /// log p = x - max - log(sum of exp(x - max)); the gradient is p · (sum of targets) - target.
    private static func fromLogitsLoss(
        _ logits: UnsafeBufferPointer<Float>, _ sample: LossSample, _ target: (Int) -> Float
    ) -> Float {
        let largest = logits.max() ?? 0
        var sum: Float = 0
        for value in logits { sum += exp(value - largest) }
        let logSum = log(sum)
        var loss: Float = 0
        var total: Float = 0
        for place in logits.indices {
            let share = target(place)
            total += share
            if share != 0 { loss -= share * (logits[place] - largest - logSum) }
        }
        if let gradient = sample.gradient {
            for place in logits.indices {
                let probability = exp(logits[place] - largest) / sum
                gradient[place] = sample.scale * (probability * total - target(place))
            }
        }
        return loss
    }

    /// With q = p / sum of p, limited: the limit passes no gradient.
    private static func fromProbabilities(_ sample: LossSample, _ target: (Int) -> Float) -> Float {
        let prediction = sample.prediction
        let sum = prediction.reduce(0, +)
        let range = epsilon...(1 - epsilon)
        var loss: Float = 0
        // dL/dq summed with weights q, for the quotient rule.
        var weighted: Float = 0
        for place in prediction.indices {
            let share = target(place)
            guard share != 0 else { continue }
            let quotient = prediction[place] / sum
            loss -= share * log(min(max(quotient, range.lowerBound), range.upperBound))
            if range.contains(quotient) { weighted -= share }
        }
        if let gradient = sample.gradient {
            for place in prediction.indices {
                let quotient = prediction[place] / sum
                let share = target(place)
                let direct = share != 0 && range.contains(quotient) ? -share / quotient : 0
                gradient[place] = sample.scale * (direct - weighted) / sum
            }
        }
        return loss.isNaN || sum.isNaN ? .nan : loss
    }
}
