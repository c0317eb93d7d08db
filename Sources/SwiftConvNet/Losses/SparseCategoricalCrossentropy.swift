import Foundation

/// Cross-entropy between integer classes and predicted probabilities: minus the logarithm of the probability
/// that the prediction gives to the class.
///
/// Prediction `[classes]`, one label per sample. Where the model ends in softmax the loss starts from its logits,
/// which is exact; else probabilities are divided by their sum and limited to `1e-7 ... 1 - 1e-7`, as in Keras.
public struct SparseCategoricalCrossentropy: Loss, Hashable {
    public static let kind = "SparseCategoricalCrossentropy"
    /// Whether predictions are logits rather than probabilities.
    public let fromLogits: Bool

    /// The loss of predictions that are probabilities, or logits.
    public init(fromLogits: Bool = false) { self.fromLogits = fromLogits }

    public func validate(output: Shape, targets: TargetKind) throws {
        try CrossEntropy.validateClasses(output, for: Self.kind)
        guard targets == .labels else {
            throw ConvNetError(
                .data, "\(Self.kind) compares predictions with integer classes", at: "targets", expected: "Labels",
                received: "\(targets)", remedy: "For one-hot targets use categoricalCrossentropy()")
        }
    }

    public func startsBefore(_ layer: any Layer) -> Bool { !fromLogits && CrossEntropy.isSoftmax(layer) }

    public func evaluate(_ sample: LossSample) -> Float {
        CrossEntropy.categorical(sample, fromLogits: fromLogits) { $0 == sample.label ? 1 : 0 }
    }
}

extension Loss where Self == SparseCategoricalCrossentropy {
    /// Cross-entropy between integer classes and predictions: `SparseCategoricalCrossentropy`.
    public static func sparseCategoricalCrossentropy(fromLogits: Bool = false) -> Self {
        SparseCategoricalCrossentropy(fromLogits: fromLogits)
    }
}
