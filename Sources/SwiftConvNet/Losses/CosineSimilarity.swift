/// The negative cosine of the angle between targets and predictions: -1 for the same direction, 1 for the opposite one.
///
/// Prediction of any shape, and a `Tensor` of as many target values per sample. The lengths count at least 1e-7, as in
/// Keras. The metric `.cosineSimilarity()` is the cosine itself.
public struct CosineSimilarity: Loss, Hashable {
    public static let kind = "CosineSimilarity"
    /// The axis of the vectors, the batch axis being axis 0; negative numbers count from the last axis, which is -1.
    public let axis: Int
    public let reduction: LossReduction

    /// The loss.
    ///
    /// - Parameters:
    ///   - axis: the axis of the vectors, the batch axis being axis 0; negative numbers count from the last axis, which is -1. Not
    ///     the batch axis: its length is no setting of a model.
    ///   - reduction: how the loss values of a batch become one number.
    public init(axis: Int = -1, reduction: LossReduction = .sumOverBatchSize) {
        self.axis = axis
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        guard LossAxes.index(axis, rank: output.rank) != nil else {
            throw ConvNetError(
                .argument,
                "Not an axis of a prediction",
                at: "axis",
                expected: "1...\(output.rank) or -\(output.rank)...-1 for an output \(output)",
                received: "\(axis)"
            )
        }
        try targets.validateValues(for: output, loss: Self.kind)
    }

    public func valueCount(of output: Shape) -> Int {
        output.elementCount / max(output[LossAxes.index(axis, rank: output.rank) ?? output.rank - 1], 1)
    }

    public func evaluate(_ sample: LossSample) -> Float {
        let axis = LossAxes.index(axis, rank: sample.shape.rank) ?? sample.shape.rank - 1
        let length = sample.shape[axis]
        // Elements of a vector are `step` apart; so many vectors begin next to each other.
        let step = sample.shape.dropFirst(axis + 1).reduce(1, *)
        let vectors = sample.prediction.count / max(length, 1)
        let scale = sample.scale / Float(vectors)
        var sum: Float = 0
        for vector in 0..<vectors {
            let first = vector / step * step * length + vector % step
            var product: Float = 0
            var square: Float = 0
            var targetSquare: Float = 0
            for element in 0..<length {
                let prediction = sample.prediction[first + element * step]
                let target = sample.target[first + element * step]
                product += prediction * target
                square += prediction * prediction
                targetSquare += target * target
            }
            let size = max(square.squareRoot(), CrossEntropy.epsilon)
            let targetSize = max(targetSquare.squareRoot(), CrossEntropy.epsilon)
            let cosine = product / size / targetSize
            sum -= cosine
            guard let gradient = sample.gradient else { continue }
            // A length that counts as more than it is does not change with the prediction.
            let pull = square.squareRoot() > CrossEntropy.epsilon ? cosine / size : 0
            for element in 0..<length {
                let place = first + element * step
                let direct = sample.target[place] / targetSize
                gradient[place] = scale * (pull * sample.prediction[place] - direct) / size
            }
        }
        return sum / Float(vectors)
    }
}

extension Loss where Self == CosineSimilarity {
    /// The negative cosine between targets and predictions: `CosineSimilarity`.
    public static func cosineSimilarity(
        axis: Int = -1,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        CosineSimilarity(axis: axis, reduction: reduction)
    }
}
