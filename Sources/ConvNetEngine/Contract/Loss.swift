/// A measure of how far predictions are from their targets, and its gradient.
///
/// A loss describes one sample, by `evaluate(_:)` of a `LossSample`; `reduction` says how the samples of a batch become one
/// number, and the engine computes that. The reported loss of an epoch is the mean of its batches' losses, each weighted by its
/// number of samples, as in Keras.
///
/// A loss that compares samples with each other says so by `needsWholeBatch`, and describes a whole batch.
public protocol Loss: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }

    /// How the loss values of a batch become one number. The default is `sumOverBatchSize`.
    var reduction: LossReduction { get }

    /// Checks that the loss can compare a model's output with a dataset's targets.
    ///
    /// - Parameters:
    ///   - output: the shape of one prediction.
    ///   - targets: what the dataset has for each sample.
    /// - Throws: `ConvNetError` of kind `shape`, `data` or `argument` that says what would fit.
    func validate(output: Shape, targets: TargetKind) throws

    /// How many classes there are, if targets are classes: every label, and every target value, must then be a whole
    /// number in `0..<classCount`. The default is the size of the output's last axis for labels if that is above 1,
    /// else `nil`, which checks nothing.
    ///
    /// Called with what `validate` has accepted.
    func classCount(output: Shape, targets: TargetKind) -> Int?

    /// The activation that the loss can start before, if it is what makes the prediction: from the logits rather than from
    /// what is made of them, which is exact where that is rounded to 0 or 1. The default is `nil`: none.
    var startsBefore: ActivationFunction? { get }

    /// The number of loss values of a sample, of which `evaluate` returns the mean: `LossReduction.sum` adds them up. The default
    /// is the number of places of the prediction: all its axes but the last.
    func valueCount(of output: Shape) -> Int

    /// Whether the loss of a batch is more than the reduction of its samples' losses. The default is `false`.
    var needsWholeBatch: Bool { get }

    /// The loss of one sample: the mean over the places of the prediction, such as the pixels of a map.
    ///
    /// If `sample.gradient` is there, stores the gradient of the value with respect to the prediction, or the
    /// logits if the loss starts there, times `sample.scale`. Called from several threads at once.
    func evaluate(_ sample: LossSample) -> Float

    /// The loss of one batch, reduced: called in place of the form for a sample if `needsWholeBatch`.
    ///
    /// If `batch.gradients` is there, stores the gradient of the value with respect to all predictions, or logits, times
    /// `batch.scale`. The default reduces the losses of the samples.
    func evaluate(_ batch: LossBatch) -> Float
}

extension Loss {
    public var reduction: LossReduction { .sumOverBatchSize }

    public func classCount(output: Shape, targets: TargetKind) -> Int? {
        targets == .labels ? output.last.flatMap { $0 > 1 ? $0 : nil } : nil
    }

    public var startsBefore: ActivationFunction? { nil }

    public func valueCount(of output: Shape) -> Int { output.dropLast().reduce(1, *) }

    public var needsWholeBatch: Bool { false }

    public func evaluate(_ batch: LossBatch) -> Float {
        let values = valueCount(of: batch.shape)
        return batch.reduce(reduction, valueCount: values, counted: { _ in values }, loss: evaluate)
    }
}

/// One sample, as a loss sees it.
public struct LossSample {
    /// What the model predicts.
    public let prediction: UnsafeBufferPointer<Float>
    /// What went into the last activation, if the loss starts there.
    public let logits: UnsafeBufferPointer<Float>?
    /// The shape of the prediction, without the batch axis.
    public let shape: Shape
    /// The class, if targets are classes.
    public let label: Int
    /// The target values, if targets are values; else empty.
    public let target: UnsafeBufferPointer<Float>
    /// Where the gradient goes, if there is to be one.
    public let gradient: UnsafeMutableBufferPointer<Float>?
    /// What the gradient is multiplied with.
    public let scale: Float

    package init(
        prediction: UnsafeBufferPointer<Float>,
        logits: UnsafeBufferPointer<Float>?,
        shape: Shape,
        label: Int,
        target: UnsafeBufferPointer<Float>,
        gradient: UnsafeMutableBufferPointer<Float>?,
        scale: Float
    ) {
        self.prediction = prediction
        self.logits = logits
        self.shape = shape
        self.label = label
        self.target = target
        self.gradient = gradient
        self.scale = scale
    }

    /// The target value at a place of the prediction; the class, as a number, if targets are classes.
    public func target(at place: Int) -> Float { target.isEmpty ? Float(label) : target[place] }
}
