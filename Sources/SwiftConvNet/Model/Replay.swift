/// What each layer made of a batch: the range of every value on the way, in the order of computation.
public struct Replay: Sendable {
    /// One array of numbers.
    public struct Row: Sendable, Hashable {
        /// What the numbers are.
        public enum Value: Sendable, Hashable {
            /// The samples, or what comes out of a layer.
            case output
            /// What a layer learns or keeps, by its name in the layer.
            case parameter(String)
            /// The losses of the samples.
            case loss
            /// The gradient of the loss with respect to a layer's output.
            case outputGradient
            /// The gradient of the loss with respect to a parameter.
            case parameterGradient(String)
        }

        /// The layer, or several that run as one, `conv2d + re_lu`, or one piece of a layer that runs as several,
        /// `dense (Activation)`; empty for the loss.
        public let layer: String
        /// What the numbers are.
        public let value: Value
        /// How large they are.
        public let range: ValueRange
        /// The places in the batch of the samples with a value that is not finite; empty for parameters, which belong to
        /// no sample.
        public let samples: [Int]
    }

    /// The forward pass, each layer's parameters before its output; the loss; then the way back.
    public let rows: [Row]
    /// The loss of each sample, times its weight.
    public let losses: [Float]

    /// The first numbers on the way that are not all finite: where to look for the cause.
    public var firstNonFinite: Row? { rows.first { !$0.range.isFinite } }
}

/// How large some numbers are, and how many are none.
public struct ValueRange: Sendable, Hashable {
    /// The number of values.
    public let count: Int
    /// The smallest finite value; NaN if there is none.
    public let minimum: Float
    /// The largest finite value; NaN if there is none.
    public let maximum: Float
    /// How many are NaN.
    public let nanCount: Int
    /// How many are infinite.
    public let infinityCount: Int

    /// Whether all values are finite.
    public var isFinite: Bool { nanCount == 0 && infinityCount == 0 }

    /// The range of some values.
    public init(_ values: some Sequence<Float>) {
        var count = 0, nanCount = 0, infinityCount = 0
        var minimum = Float.infinity, maximum = -Float.infinity
        for value in values {
            count += 1
            if value.isNaN {
                nanCount += 1
            } else if value.isInfinite {
                infinityCount += 1
            } else {
                minimum = min(minimum, value)
                maximum = max(maximum, value)
            }
        }
        let hasFinite = count > nanCount + infinityCount
        self.count = count
        self.minimum = hasFinite ? minimum : .nan
        self.maximum = hasFinite ? maximum : .nan
        self.nanCount = nanCount
        self.infinityCount = infinityCount
    }
}
