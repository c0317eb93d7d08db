/// Where the time of a batch goes: what `Model.profile` has measured, layer by layer.
///
/// Times are in seconds, for the whole batch; each is the median over the repeats.
public struct Profile: Sendable, Hashable, Codable {
    /// One line of the table: a layer, or work that belongs to none.
    public struct Row: Sendable, Hashable, Codable {
        /// What a row is about.
        public enum Part: String, Sendable, Hashable, Codable {
            /// A layer.
            case layer
            /// Reading the samples of the batch and their target values.
            case gather
            /// The loss of each sample, and the gradient that the backward pass starts from.
            case loss
            /// Adding up gradients: of values that several layers read, and of parameters over shards of the batch.
            case gradientSums
            /// The change of the parameters.
            case optimizer
        }

        /// What the row is about.
        public let part: Part
        /// The layer's name; for other parts `gather`, `loss`, `gradient sums`, `optimizer`.
        public let name: String
        /// The layer's kind, `Conv2D`, or the type of the loss or optimizer; else empty.
        public let kind: String
        /// How it is computed, as `summary(batchSize:)` says: `im2col, openBLAS`; may be empty.
        public let implementation: String
        /// The shape of the layer's output, without the batch axis; `nil` for other parts.
        public let outputShape: Shape?
        /// The time of the forward pass; 0 if nothing is to be done, as for `Flatten`, if the layer before does the
        /// work, as a convolution does that of a normalisation in use, or if the part belongs to the backward pass.
        public let forwardSeconds: Double
        /// The time of the backward pass, `nil` if the row has no part in one.
        public let backwardSeconds: Double?

        /// Both passes together.
        public var seconds: Double { forwardSeconds + (backwardSeconds ?? 0) }
    }

    /// The layers in the order of the graph, then what belongs to none; reading the samples comes first.
    public let rows: [Row]
    /// The number of samples in the batch.
    public let batchSize: Int
    /// Whether one pass was timed, or a step of training.
    public let mode: Site.Mode
    /// How often it ran, after some times that do not count.
    public let repeats: Int
    /// The number of workers, the calling thread among them.
    public let workerCount: Int
    /// The processor whose kernels OpenBLAS runs: `SkylakeX`.
    public let coreName: String

    /// The sum of all rows, in seconds.
    ///
    /// A step that is not being profiled takes less time, for there neighbouring layers run tile by tile in the cache.
    public var totalSeconds: Double { rows.reduce(0) { $0 + $1.seconds } }

    /// The row of the layer of a name; `nil` if there is none.
    public subscript(layer name: String) -> Row? { rows.first { $0.part == .layer && $0.name == name } }
}
