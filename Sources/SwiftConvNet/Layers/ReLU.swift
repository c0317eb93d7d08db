/// The rectifier, with all its settings.
///
/// ```
/// y = maxValue                            where x >= maxValue
///     x                                   where threshold < x < maxValue
///     negativeSlope · (x - threshold)     else
/// ```
///
/// Input and output: any shape.
public struct ReLU: Layer, Hashable {
    /// `ReLU`.
    public static let kind = "ReLU"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The largest output; `nil` for no limit.
    public let maxValue: Float?
    /// The slope below the threshold.
    public let negativeSlope: Float
    /// Where the function begins to pass its input.
    public let threshold: Float

    /// A rectifier; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - maxValue: the largest output, at least 0; `nil`, the default, for no limit.
    ///   - negativeSlope: the slope below the threshold, at least 0. Default 0.
    ///   - threshold: where the function begins to pass its input, at least 0. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(maxValue: Float? = nil, negativeSlope: Float = 0, threshold: Float = 0, name: String? = nil) {
        self.maxValue = maxValue
        self.negativeSlope = negativeSlope
        self.threshold = threshold
        self.name = name
    }

    /// The input's shape.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a setting is negative or not finite.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        for (role, value) in [
            ("maxValue", maxValue ?? 0), ("negativeSlope", negativeSlope), ("threshold", threshold),
        ] {
            guard value.isFinite, value >= 0 else {
                throw ConvNetError(
                    .argument,
                    "A rectifier's \(role) is out of its range",
                    at: role,
                    expected: "a finite number of at least 0",
                    received: "\(value)"
                )
            }
        }
        return try single(inputs)
    }

    /// An `Activation`, where there is one that does the same.
    public var pieces: [any Layer] {
        guard maxValue == nil, threshold == 0 else { return [self] }
        return [Activation(negativeSlope == 0 ? .relu : .leakyReLU(negativeSlope: negativeSlope), name: name)]
    }

    /// `ClippedReLUKernel`.
    public func kernel(at site: Site) throws -> any Kernel {
        ClippedReLUKernel(
            count: site.output.elementCount,
            slope: negativeSlope,
            threshold: threshold,
            maximum: maxValue ?? .infinity
        )
    }
}
