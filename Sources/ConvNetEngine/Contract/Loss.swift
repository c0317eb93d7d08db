/// A measure of how far predictions are from their targets, and its gradient.
///
/// The reported loss is the sum over samples of weight times value, divided by the number of samples, as in
/// Keras' default reduction; the engine does that. A loss describes one sample.
public protocol Loss: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }

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

    /// The loss of one sample: the mean over the places of the prediction, such as the pixels of a map.
    ///
    /// If `sample.gradient` is there, stores the gradient of the value with respect to the prediction, or the
    /// logits if the loss starts there, times `sample.scale`. Called from several threads at once.
    func evaluate(_ sample: LossSample) -> Float
}

extension Loss {
    public func classCount(output: Shape, targets: TargetKind) -> Int? {
        targets == .labels ? output.last.flatMap { $0 > 1 ? $0 : nil } : nil
    }

    public var startsBefore: ActivationFunction? { nil }
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
}
