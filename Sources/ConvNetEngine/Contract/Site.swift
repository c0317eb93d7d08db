/// Where a layer stands in a plan: all that may shape its kernel. There is no number of workers in it, for
/// the same plan gives the same bits on any number of them.
public struct Site: Sendable {
    /// Whether a pass is the first half of a training step, or stands alone.
    public enum Mode: String, Sendable, Hashable, Codable {
        /// Layers behave as they do in use: dropout passes everything, normalisation uses moving statistics.
        case inference
        /// Layers behave as they do while learning, and keep what the backward pass needs.
        case training
    }

    /// The place of the layer among those that run; a stream of its own for random numbers.
    public let node: Int
    /// The number of samples in a batch.
    public let batch: Int
    /// The shapes of the inputs, without the batch axis.
    public let inputs: [Shape]
    /// The shape of the output, without the batch axis.
    public let output: Shape
    /// What the plan is for.
    public let mode: Mode
    /// For each input, whether the backward pass must write its gradient.
    public let needsInputGradient: [Bool]
    /// The user's choices of how to compute.
    public let options: ComputeOptions
}
