/// Where an operator stands in a plan: all that may shape its kernel. There is no number of workers in it, for the same
/// plan gives the same bits on any number of them.
public struct Site: Sendable {
    /// Whether a pass is the first half of a training step, or stands alone.
    public enum Mode: String, Sendable, Hashable, Codable {
        /// Layers behave as they do in inference: dropout passes everything, normalisation uses moving statistics.
        case inference
        /// Layers behave as they do while learning, and keep what the backward pass needs.
        case training
    }

    /// The types of the operands.
    public let inputs: [ValueType]
    /// The types of the outputs.
    public let outputs: [ValueType]
    /// The number of samples: those of the batch, or 1 if no operand is batched.
    public let batch: Int
    /// What the plan is for.
    public let mode: Mode
    /// For each operand, whether the backward pass must make its gradient.
    public let needsGradient: [Bool]
    /// The user's choices of how to compute.
    public let options: ComputeOptions

    /// A place in a plan. The engine makes them; tests of a kernel may.
    public init(
        inputs: [ValueType],
        outputs: [ValueType],
        batch: Int,
        mode: Mode,
        needsGradient: [Bool],
        options: ComputeOptions = ComputeOptions()
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.batch = batch
        self.mode = mode
        self.needsGradient = needsGradient
        self.options = options
    }

    /// The most samples that a worker takes through a group of stages at once: no fewer than sixteen tiles where there
    /// are as many samples, for the workers to share.
    public var tile: Int { Self.largestTile(batch: batch) }

    package static func largestTile(batch: Int) -> Int { max(1, (batch + 15) / 16) }
}
