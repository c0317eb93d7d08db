import Foundation

/// What the losses between classes share.
enum CrossEntropy {
    /// Keras' `epsilon()`: probabilities are kept this far from 0 and 1.
    static let epsilon: Float = 1e-7
    /// Where probabilities are kept: 1 - 1e-7 is rounded to `Float`, as Keras rounds it.
    static let range: ClosedRange<Float> = epsilon...(1 - epsilon)

    /// Checks that predictions have classes along their last axis.
    static func validateClasses(_ output: Shape, for kind: String) throws {
        guard let classes = output.last, classes >= 2 else {
            throw ConvNetError(
                .shape,
                "\(kind) needs one number per class",
                at: "model output",
                expected: "[..., classes], at least 2 classes",
                received: "\(output)",
                remedy: "End the model with Dense(units: classes, activation: .softmax)"
            )
        }
    }

    /// Checks that there is a class number for each place of a prediction.
    static func validateClassNumbers(_ targets: TargetKind, of output: Shape, for kind: String) throws {
        guard targets.areClasses(of: output) else {
            throw ConvNetError(
                .data,
                "\(kind) compares predictions with integer classes",
                at: "targets",
                expected: output.rank == 1
                    ? "Labels" : "a Tensor of class numbers, \(Shape(Array(output.dropLast()))) each",
                received: "\(targets)",
                remedy: "For one-hot targets use categoricalCrossentropy()"
            )
        }
    }

    /// The cross-entropy of one probability, and its derivative. What is limited passes no gradient.
    static func binary(_ p: Float, _ target: Float) -> (loss: Float, gradient: Float) {
        guard !p.isNaN else { return (.nan, .nan) }
        let limited = min(max(p, range.lowerBound), range.upperBound)
        let loss = -target * log(limited) - (1 - target) * log(1 - limited)
        return (loss, range.contains(p) ? (1 - target) / (1 - p) - target / p : 0)
    }

    /// The mean over the places of a prediction of `-sum of target · log p`, and its gradient.
    ///
    /// - Parameters:
    ///   - fromLogits: whether the prediction is logits; else it is probabilities, but `sample.logits`, if there,
    ///     are those that they were made from.
    ///   - counts: whether a place counts; the others have a loss of 0, and no gradient.
    ///   - target: the share of a class, `(place, class)`; a place is a pixel of a map, 0 where there is but one.
    static func categorical(
        _ sample: LossSample,
        fromLogits: Bool,
        counts: (_ place: Int) -> Bool = { _ in true },
        target: (_ place: Int, _ class: Int) -> Float
    ) -> Float {
        let classes = sample.shape.last ?? 1
        let places = max(sample.prediction.count / classes, 1)
        let values = sample.logits ?? sample.prediction
        let startsFromLogits = fromLogits || sample.logits != nil
        var sum: Float = 0
        for place in 0..<places {
            let first = place * classes
            guard counts(place) else {
                sample.gradient.map {
                    UnsafeMutableBufferPointer(rebasing: $0[first..<(first + classes)]).update(repeating: 0)
                }
                continue
            }
            let row = CrossEntropyRow(
                values: UnsafeBufferPointer(rebasing: values[first..<(first + classes)]),
                gradient: sample.gradient.map {
                    UnsafeMutableBufferPointer(rebasing: $0[first..<(first + classes)])
                },
                scale: sample.scale / Float(places)
            )
            sum +=
                startsFromLogits
                ? row.fromLogits { target(place, $0) } : row.fromProbabilities { target(place, $0) }
        }
        return sum / Float(places)
    }
}

/// The classes at one place of a prediction.
private struct CrossEntropyRow {
    let values: UnsafeBufferPointer<Float>
    let gradient: UnsafeMutableBufferPointer<Float>?
    let scale: Float

    /// log p = x - max - log(sum of exp(x - max)); the gradient is p · (sum of targets) - target.
    func fromLogits(_ target: (Int) -> Float) -> Float {
        let largest = values.max() ?? 0
        var sum: Float = 0
        for value in values { sum += exp(value - largest) }
        let logSum = log(sum)
        var loss: Float = 0
        var total: Float = 0
        for place in values.indices {
            let share = target(place)
            total += share
            if share != 0 { loss -= share * (values[place] - largest - logSum) }
        }
        if let gradient {
            for place in values.indices {
                let probability = exp(values[place] - largest) / sum
                gradient[place] = scale * (probability * total - target(place))
            }
        }
        return loss
    }

    /// With q = p / sum of p, limited: the limit passes no gradient.
    func fromProbabilities(_ target: (Int) -> Float) -> Float {
        let sum = values.reduce(0, +)
        let range = CrossEntropy.range
        var loss: Float = 0
        // The targets that the limit lets through: what the derivative of the sum brings to every class.
        var passed: Float = 0
        for place in values.indices {
            let share = target(place)
            guard share != 0 else { continue }
            let quotient = values[place] / sum
            loss -= share * log(min(max(quotient, range.lowerBound), range.upperBound))
            if range.contains(quotient) { passed += share }
        }
        if let gradient {
            for place in values.indices {
                let quotient = values[place] / sum
                let share = target(place)
                let direct = share != 0 && range.contains(quotient) ? share / quotient : 0
                gradient[place] = scale * (passed - direct) / sum
            }
        }
        return sum.isNaN ? .nan : loss
    }
}
