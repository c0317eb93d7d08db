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

    /// Emits an `Activate`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a setting is negative or not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        for (role, value) in [
            ("maxValue", maxValue ?? 0), ("negativeSlope", negativeSlope), ("threshold", threshold),
        ] {
            try requireNotNegative(value, role, of: "A rectifier's")
        }
        let function = ActivationFunction.relu(
            negativeSlope: negativeSlope,
            maxValue: maxValue,
            threshold: threshold
        )
        return try lowering.emit(Activate(function), x)
    }
}

/// - Throws: `ConvNetError` of kind `argument` if a layer's setting is negative or not finite.
func requireNotNegative(_ value: Float, _ role: String, of owner: String) throws {
    guard value.isFinite, value >= 0 else {
        throw ConvNetError(
            .argument,
            "\(owner) \(role) is out of its range",
            at: role,
            expected: "a finite number of at least 0",
            received: "\(value)"
        )
    }
}
