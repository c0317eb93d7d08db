/// A batch, as a loss sees it that needs all samples at once.
public struct LossBatch {
    /// The number of samples.
    public let count: Int
    /// The shape of one prediction, without the batch axis.
    public let shape: Shape
    /// What the model predicts for all samples, one after the other.
    public let predictions: UnsafeBufferPointer<Float>
    /// What went into the last activation, if the loss starts there.
    public let logits: UnsafeBufferPointer<Float>?
    /// Where the gradient of all samples goes, if there is to be one; every element is to be stored.
    public let gradients: UnsafeMutableBufferPointer<Float>?
    /// The weight of each sample.
    public let weights: UnsafeBufferPointer<Float>
    /// What the gradient is multiplied with.
    public let scale: Float
    /// The classes of all samples.
    private let labels: UnsafeBufferPointer<Int32>
    /// The target values of all samples; empty if targets are classes.
    private let targets: UnsafeBufferPointer<Float>

    package init(
        shape: Shape,
        predictions: UnsafeBufferPointer<Float>,
        logits: UnsafeBufferPointer<Float>?,
        gradients: UnsafeMutableBufferPointer<Float>?,
        weights: UnsafeBufferPointer<Float>,
        scale: Float,
        labels: UnsafeBufferPointer<Int32>,
        targets: UnsafeBufferPointer<Float>
    ) {
        count = weights.count
        self.shape = shape
        self.predictions = predictions
        self.logits = logits
        self.gradients = gradients
        self.weights = weights
        self.scale = scale
        self.labels = labels
        self.targets = targets
    }

    /// The class of a sample, if targets are classes.
    public func label(of sample: Int) -> Int { Int(labels[sample]) }

    /// The target values of a sample, if targets are values; else empty.
    public func target(of sample: Int) -> UnsafeBufferPointer<Float> {
        let size = targets.count / count
        return UnsafeBufferPointer(rebasing: targets[(sample * size)..<((sample + 1) * size)])
    }

    /// The target value at a place of all predictions; the class of its sample, as a number, if targets are classes.
    public func target(at place: Int) -> Float {
        targets.isEmpty ? Float(labels[place / max(shape.elementCount, 1)]) : targets[place]
    }

    /// One sample of the batch.
    ///
    /// - Parameter scale: what the sample's gradient is multiplied with.
    public func sample(_ index: Int, scale: Float) -> LossSample {
        let size = predictions.count / count
        let range = (index * size)..<((index + 1) * size)
        return LossSample(
            prediction: UnsafeBufferPointer(rebasing: predictions[range]),
            logits: logits.map { UnsafeBufferPointer(rebasing: $0[range]) },
            shape: shape,
            label: label(of: index),
            target: target(of: index),
            gradient: gradients.map { UnsafeMutableBufferPointer(rebasing: $0[range]) },
            scale: scale
        )
    }

    /// The loss of the batch from the losses of its samples, and its gradient.
    ///
    /// - Parameters:
    ///   - reduction: how the values become one number.
    ///   - valueCount: the number of loss values of a sample, of which its loss is the mean.
    ///   - counted: the number of these that count, for the divisor; those that do not count are 0.
    ///   - loss: the loss of a sample; it stores the sample's gradient.
    public func reduce(
        _ reduction: LossReduction,
        valueCount: Int,
        counted: (_ sample: Int) -> Int,
        loss: (LossSample) -> Float
    ) -> Float {
        var total = 0
        var weight = 0.0
        for sample in 0..<count {
            let own = counted(sample)
            total += own
            weight += Double(weights[sample]) * Double(own)
        }
        let divisor = reduction.divisor(count: total, weight: weight)
        let share = divisor == 0 ? 0 : Double(valueCount) / divisor
        var sum = 0.0
        for index in 0..<count {
            let factor = share * Double(weights[index])
            sum += factor * Double(loss(sample(index, scale: Float(Double(scale) * factor))))
        }
        return Float(sum)
    }
}
