/// Cross-entropy between integer classes and predicted probabilities: minus the logarithm of the probability
/// that the prediction gives to the class.
///
/// Prediction `[classes]` with `Labels`, one per sample; or a map `[…, classes]`, such as a segmentation, with a
/// `Tensor` of class numbers `[…]` or `[…, 1]` per sample. Where the model ends in softmax the loss starts from its
/// logits, which is exact; else probabilities are divided by their sum and limited to `1e-7 ... 1 - 1e-7`, as Keras
/// does on JAX and PyTorch (on TensorFlow it limits before it divides, which differs in rows with a number limited).
public struct SparseCategoricalCrossentropy: Loss, Hashable {
    public static let kind = "SparseCategoricalCrossentropy"
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool

    /// The loss of predictions that are probabilities, or logits.
    public init(fromLogits: Bool = false) { self.fromLogits = fromLogits }

    public func validate(output: Shape, targets: TargetKind) throws {
        try CrossEntropy.validateClasses(output, for: Self.kind)
        guard targets.areClasses(of: output) else {
            throw ConvNetError(
                .data,
                "\(Self.kind) compares predictions with integer classes",
                at: "targets",
                expected: output.rank == 1
                    ? "Labels" : "a Tensor of class numbers, \(Shape(Array(output.dropLast()))) each",
                received: "\(targets)",
                remedy: "For one-hot targets use categoricalCrossentropy()"
            )
        }
    }

    public func classCount(output: Shape, targets: TargetKind) -> Int? { output.last }

    public var startsBefore: ActivationFunction? { fromLogits ? nil : .softmax }

    public func evaluate(_ sample: LossSample) -> Float {
        if sample.target.isEmpty {
            let label = sample.label
            return CrossEntropy.categorical(sample, fromLogits: fromLogits) { $1 == label ? 1 : 0 }
        }
        return CrossEntropy.categorical(sample, fromLogits: fromLogits) {
            Float($1) == sample.target[$0] ? 1 : 0
        }
    }
}

extension Loss where Self == SparseCategoricalCrossentropy {
    /// Cross-entropy between integer classes and predictions: `SparseCategoricalCrossentropy`.
    public static func sparseCategoricalCrossentropy(fromLogits: Bool = false) -> Self {
        SparseCategoricalCrossentropy(fromLogits: fromLogits)
    }
}
