/// Random values whose variance is `scale / fan`, so that signals keep their size from layer to layer. Keras'
/// `VarianceScaling`, with its presets Glorot, He and LeCun.
///
/// The fan is the number of inputs of the layer, of its outputs, or their mean (at least 1), by the parameter's
/// shape: `[inputs, outputs]` for a dense layer, `[height, width, input channels, output channels]` for a
/// convolution, where height × width multiplies both.
///
/// | preset | scale | fan | source |
/// |---|---|---|---|
/// | `.glorotUniform`, `.glorotNormal` | 1 | average | Glorot and Bengio 2010 |
/// | `.heUniform`, `.heNormal` | 2 | in | He and others 2015 |
/// | `.lecunUniform`, `.lecunNormal` | 1 | in | LeCun and others 1998 |
public struct VarianceScaling: Initializer, Hashable {
    /// Which fan divides the scale. The raw values are Keras'.
    public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
        /// The number of inputs.
        case fanIn = "fan_in"
        /// The number of outputs.
        case fanOut = "fan_out"
        /// The mean of both.
        case fanAverage = "fan_avg"
    }

    /// The shape of the distribution; its mean is 0. The raw values are Keras'.
    public enum Distribution: String, Sendable, Hashable, Codable, CaseIterable {
        /// Normal, with what lies at two standard deviations or more drawn again, and widened so that the
        /// variance after that is `scale / fan`.
        case truncatedNormal = "truncated_normal"
        /// Normal.
        case untruncatedNormal = "untruncated_normal"
        /// Uniform, between ±√(3 · scale / fan).
        case uniform
    }

    /// `VarianceScaling`, for the presets too.
    public static let kind = "VarianceScaling"

    /// The standard deviation of a standard normal distribution truncated at ±2, with Keras' digits
    /// (`scipy.stats.truncnorm.std(-2, 2)`).
    static let truncatedStandardDeviation = 0.87962566103423978

    /// The variance times the fan: finite, more than 0.
    public var scale: Double
    /// Which fan divides the scale.
    public var mode: Mode
    /// The shape of the distribution.
    public var distribution: Distribution

    /// Makes the rule.
    ///
    /// - Parameters:
    ///   - scale: The variance times the fan. Default 1, as in Keras.
    ///   - mode: Which fan divides it. Default `fanIn`, as in Keras.
    ///   - distribution: The shape of the distribution. Default `truncatedNormal`, as in Keras.
    public init(scale: Double = 1, mode: Mode = .fanIn, distribution: Distribution = .truncatedNormal) {
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
    }

    /// Writes random values.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `scale` is out of its range, of kind `shape` if there are
    ///   not as many values as elements.
    public func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        try requireRoom(in: values, for: shape)
        try require("scale", scale, scale > 0, expected: "a finite number of more than 0")
        let deviation = (scale / max(1, fan(of: shape))).squareRoot()
        switch distribution {
        case .uniform:
            let limit = 3.0.squareRoot() * deviation
            for place in values.indices { values[place] = random.uniform(from: -limit, to: limit) }
        case .untruncatedNormal:
            for place in values.indices { values[place] = Float(deviation * random.standardNormal()) }
        case .truncatedNormal:
            let widened = deviation / Self.truncatedStandardDeviation
            for place in values.indices { values[place] = Float(widened * random.standardTruncatedNormal()) }
        }
    }

    private func fan(of shape: Shape) -> Double {
        let fans = Fans(shape)
        switch mode {
        case .fanIn: return Double(fans.input)
        case .fanOut: return Double(fans.output)
        case .fanAverage: return (Double(fans.input) + Double(fans.output)) / 2
        }
    }
}

extension Initializer where Self == VarianceScaling {
    /// Values of variance `scale / fan`; the defaults are Keras'.
    public static func varianceScaling(
        scale: Double = 1,
        mode: VarianceScaling.Mode = .fanIn,
        distribution: VarianceScaling.Distribution = .truncatedNormal
    ) -> VarianceScaling {
        VarianceScaling(scale: scale, mode: mode, distribution: distribution)
    }

    /// Uniform between ±√(6 / (fan in + fan out)): Keras' default for the kernels of all layers.
    public static var glorotUniform: VarianceScaling {
        VarianceScaling(scale: 1, mode: .fanAverage, distribution: .uniform)
    }

    /// Truncated normal of variance 2 / (fan in + fan out).
    public static var glorotNormal: VarianceScaling {
        VarianceScaling(scale: 1, mode: .fanAverage, distribution: .truncatedNormal)
    }

    /// Uniform between ±√(6 / fan in), for layers before a ReLU.
    public static var heUniform: VarianceScaling {
        VarianceScaling(scale: 2, mode: .fanIn, distribution: .uniform)
    }

    /// Truncated normal of variance 2 / fan in, for layers before a ReLU.
    public static var heNormal: VarianceScaling {
        VarianceScaling(scale: 2, mode: .fanIn, distribution: .truncatedNormal)
    }

    /// Uniform between ±√(3 / fan in).
    public static var lecunUniform: VarianceScaling {
        VarianceScaling(scale: 1, mode: .fanIn, distribution: .uniform)
    }

    /// Truncated normal of variance 1 / fan in.
    public static var lecunNormal: VarianceScaling {
        VarianceScaling(scale: 1, mode: .fanIn, distribution: .truncatedNormal)
    }
}
