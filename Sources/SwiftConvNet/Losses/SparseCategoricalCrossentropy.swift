/// Cross-entropy between integer classes and predicted probabilities: minus the logarithm of the probability
/// that the prediction gives to the class.
///
/// Prediction `[classes]` with `Labels`, one per sample; or a map `[…, classes]`, such as a segmentation, with a
/// `Tensor` of class numbers `[…]` or `[…, 1]` per sample. Where the model ends in softmax the loss starts from its
/// logits, which is exact; else probabilities are divided by their sum and limited to `1e-7 ... 1 - 1e-7`, as Keras
/// does on JAX and PyTorch (on TensorFlow it limits before it divides, which differs in rows with a number limited).
///
/// With `ignoreClass`, places of that class, such as the unlabelled ones of a segmentation, have a loss of 0 and do not count in
/// what the sum is divided by.
public struct SparseCategoricalCrossentropy: Loss, Hashable {
    public static let kind = "SparseCategoricalCrossentropy"
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool
    /// The class that does not count: any number, -1 or 255, say. `nil` for none.
    public let ignoreClass: Int?
    public let reduction: LossReduction

    /// The loss of predictions that are probabilities, or logits.
    ///
    /// - Parameters:
    ///   - fromLogits: whether predictions are logits rather than probabilities.
    ///   - ignoreClass: the class that does not count: any number, -1 or 255, say; `nil` for none.
    ///   - reduction: how the loss values of a batch become one number.
    public init(
        fromLogits: Bool = false,
        ignoreClass: Int? = nil,
        reduction: LossReduction = .sumOverBatchSize
    ) {
        self.fromLogits = fromLogits
        self.ignoreClass = ignoreClass
        self.reduction = reduction
    }

    public func validate(output: Shape, targets: TargetKind) throws {
        try CrossEntropy.validateClasses(output, for: Self.kind)
        try CrossEntropy.validateClassNumbers(targets, of: output, for: Self.kind)
    }

    /// With a class to ignore none, for that may be any number: `evaluate` makes NaN of others that are no class.
    public func classCount(output: Shape, targets: TargetKind) -> Int? {
        ignoreClass == nil ? output.last : nil
    }

    public var startsBefore: ActivationFunction? { fromLogits ? nil : .softmax }

    /// How many places count shows only in the whole batch.
    public var needsWholeBatch: Bool { ignoreClass != nil }

    public func evaluate(_ sample: LossSample) -> Float {
        guard ignoreClass == nil else { return evaluateCounted(sample) }
        if sample.target.isEmpty {
            let label = sample.label
            return CrossEntropy.categorical(sample, fromLogits: fromLogits) { $1 == label ? 1 : 0 }
        }
        return CrossEntropy.categorical(sample, fromLogits: fromLogits) {
            Float($1) == sample.target[$0] ? 1 : 0
        }
    }

    public func evaluate(_ batch: LossBatch) -> Float {
        let values = valueCount(of: batch.shape)
        return batch.reduce(
            reduction,
            valueCount: values,
            counted: { sample in
                let target = batch.target(of: sample)
                return target.isEmpty
                    ? (isIgnored(Float(batch.label(of: sample))) ? 0 : 1) : target.count { !isIgnored($0) }
            },
            loss: evaluate
        )
    }

    private func isIgnored(_ target: Float) -> Bool { ignoreClass.map { Float($0) == target } ?? false }

    /// The mean over all places, of which those of the ignored class are 0.
    private func evaluateCounted(_ sample: LossSample) -> Float {
        let classes = Float(sample.shape.last ?? 1)
        return CrossEntropy.categorical(
            sample,
            fromLogits: fromLogits,
            counts: { !isIgnored(sample.target(at: $0)) }
        ) { place, index in
            let target = sample.target(at: place)
            guard target >= 0, target < classes, target == target.rounded() else { return .nan }
            return Float(index) == target ? 1 : 0
        }
    }
}

extension Loss where Self == SparseCategoricalCrossentropy {
    /// Cross-entropy between integer classes and predictions: `SparseCategoricalCrossentropy`.
    public static func sparseCategoricalCrossentropy(
        fromLogits: Bool = false,
        ignoreClass: Int? = nil,
        reduction: LossReduction = .sumOverBatchSize
    ) -> Self {
        SparseCategoricalCrossentropy(
            fromLogits: fromLogits,
            ignoreClass: ignoreClass,
            reduction: reduction
        )
    }
}
