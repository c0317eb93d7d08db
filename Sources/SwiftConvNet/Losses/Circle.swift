import Foundation

/// The circle loss of embeddings: samples of one class come near each other, those of different classes part.
///
/// Prediction `[features]`, vectors of length 1 (end the model with `UnitNormalization`), with `Labels`, one class per sample;
/// or a `Tensor` of class numbers. Every sample is compared with all others of its batch, by one minus their scalar product, so that
/// the loss depends on which samples are in a batch together. A sample whose loss is 0, such as one without another of its class,
/// does not count in what the sum is divided by, as in Keras. Source: Sun et al., arXiv:2002.10857.
public struct Circle: Loss, Hashable {
    public static let kind = "Circle"
    /// The factor of the distances.
    public let gamma: Float
    /// How far off the best distance is good enough.
    public let margin: Float
    /// Whether a sample is not compared with itself.
    public let removeDiagonal: Bool
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameters:
    ///   - gamma: the factor of the distances, above 0.
    ///   - margin: how far off the best distance is good enough, in 0...1.
    ///   - removeDiagonal: whether a sample is not compared with itself.
    ///   - reduction: how the loss values of a batch become one number.
    public init(
        gamma: Float = 80,
        margin: Float = 0.4,
        removeDiagonal: Bool = true,
        reduction: LossReduction = .sumOverBatchSize
    ) {
        self.gamma = gamma
        self.margin = margin
        self.removeDiagonal = removeDiagonal
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        for (name, value, isGood, range) in [
            ("gamma", gamma, gamma > 0 && gamma.isFinite, "a finite number above 0"),
            ("margin", margin, (0...1).contains(margin), "0...1"),
        ] where !isGood {
            throw ConvNetError(
                .argument,
                "Not a \(name) of the circle loss",
                at: name,
                expected: range,
                received: "\(value)"
            )
        }
        guard output.rank == 1 else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) compares one vector per sample",
                at: "model output",
                expected: "[features]",
                received: "\(output)",
                remedy: "End the model with Flatten() or GlobalAveragePooling2D()"
            )
        }
        try CrossEntropy.validateClassNumbers(targets, of: output, for: Self.kind)
    }

    /// Classes have nothing to do with the features: any number.
    public func classCount(output: Shape, targets: TargetKind) -> Int? { nil }

    public func valueCount(of output: Shape) -> Int { 1 }

    /// Samples are compared with each other.
    public var needsWholeBatch: Bool { true }

    /// 0: there is nothing to compare a sample with.
    public func evaluate(_ sample: LossSample) -> Float { sample.alone(evaluate) }

    public func evaluate(_ batch: LossBatch) -> Float {
        batch.gradients?.update(repeating: 0)
        var sum = 0.0, weight = 0.0
        var count = 0
        for query in 0..<batch.count {
            let loss = CircleQuery(query, in: batch, of: self).loss
            sum += Double(batch.weights[query]) * Double(loss)
            guard loss > 0 else { continue }
            count += 1
            weight += Double(batch.weights[query])
        }
        let divisor = reduction.divisor(count: count, weight: weight)
        guard divisor != 0 else { return sum.isNaN ? .nan : 0 }
        if let gradients = batch.gradients {
            for query in 0..<batch.count {
                let scale = Double(batch.scale) * Double(batch.weights[query]) / divisor
                CircleQuery(query, in: batch, of: self).addGradient(to: gradients, scale: Float(scale))
            }
        }
        return Float(sum / divisor)
    }
}

/// One sample, compared with all of its batch.
private struct CircleQuery {
    private let batch: LossBatch
    private let settings: Circle
    private let query: Int
    /// The logarithms of the sums of exponentials of what near and far samples bring.
    private var near = LogSum(), far = LogSum()

    init(_ query: Int, in batch: LossBatch, of settings: Circle) {
        self.query = query
        self.batch = batch
        self.settings = settings
        for key in 0..<batch.count where counts(key) {
            let term = term(key)
            if isSameClass(key) { near.add(term.value) } else { far.add(term.value) }
        }
    }

    /// log(1 + exp(near + far)).
    var loss: Float {
        let sum = near.value + far.value
        return max(sum, 0) + log1p(exp(-abs(sum)))
    }

    func addGradient(to gradients: UnsafeMutableBufferPointer<Float>, scale: Float) {
        let sum = near.value + far.value
        // Without a near or a far sample the loss is 0 wherever the others are.
        guard sum > -.infinity else { return }
        let steepness = scale / (1 + exp(-sum))
        let size = batch.shape.elementCount
        for key in 0..<batch.count where counts(key) {
            let term = term(key)
            let share = exp(term.value - (isSameClass(key) ? near : far).value)
            // The distance is one minus the product.
            let factor = -steepness * share * term.slope
            guard factor != 0 else { continue }
            for element in 0..<size {
                let own = query * size + element, other = key * size + element
                gradients[own] += factor * batch.predictions[other]
                gradients[other] += factor * batch.predictions[own]
            }
        }
    }

    private func counts(_ key: Int) -> Bool { key != query || !settings.removeDiagonal || !isSameClass(key) }

    private func isSameClass(_ key: Int) -> Bool { label(key) == label(query) }

    private func label(_ sample: Int) -> Float {
        batch.target(of: sample).first ?? Float(batch.label(of: sample))
    }

    /// What another sample brings, and its derivative by the distance.
    private func term(_ key: Int) -> (value: Float, slope: Float) {
        let size = batch.shape.elementCount
        var product: Float = 0
        for element in 0..<size {
            product += batch.predictions[query * size + element] * batch.predictions[key * size + element]
        }
        let raw = 1 - product
        let distance = raw.isNaN ? .nan : max(raw, 0)
        let isFree: Float = raw >= 0 ? 1 : 0
        let margin = settings.margin, gamma = settings.gamma
        guard !isSameClass(key) else {
            // gamma (d + margin) (d - margin); the first factor is never below 0.
            return (
                gamma * (margin + distance) * (distance - margin), isFree * 2 * gamma * distance
            )
        }
        let weight = max(1 + margin - distance, 0)
        let gap = 1 - margin - distance
        let slope = 1 + margin - distance >= 0 ? -gamma * (gap + weight) : 0
        return (gamma * weight * gap, isFree * slope)
    }
}

/// The logarithm of a sum of exponentials, one after the other.
private struct LogSum {
    private var largest = -Float.infinity
    private var sum: Float = 0

    mutating func add(_ value: Float) {
        if value > largest {
            sum = sum * exp(largest - value) + 1
            largest = value
        } else {
            sum += exp(value - largest)
        }
    }

    /// Minus infinity for an empty sum.
    var value: Float { largest + log(sum) }
}

extension Loss where Self == Circle {
    /// The circle loss of embeddings: `Circle`.
    public static func circle(
        gamma: Float = 80,
        margin: Float = 0.4,
        removeDiagonal: Bool = true,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        Circle(gamma: gamma, margin: margin, removeDiagonal: removeDiagonal, reduction: reduction)
    }
}
