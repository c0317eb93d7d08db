/// Values from a uniform distribution. Keras' `RandomUniform`.
public struct RandomUniform: Initializer, Hashable {
    /// `RandomUniform`.
    public static let kind = "RandomUniform"

    /// The lower bound: finite. Values may be equal to it.
    public var minimum: Double
    /// The upper bound: finite, not below `minimum`. Values are less, unless the bounds are equal.
    public var maximum: Double

    /// Makes the rule.
    ///
    /// - Parameters:
    ///   - minimum: The lower bound. Default -0.05, as in Keras.
    ///   - maximum: The upper bound. Default 0.05, as in Keras.
    public init(minimum: Double = -0.05, maximum: Double = 0.05) {
        self.minimum = minimum
        self.maximum = maximum
    }

    enum CodingKeys: String, CodingKey {
        case minimum = "minval"
        case maximum = "maxval"
    }

    /// Writes random values.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a property is out of its range, of kind `shape` if there are
    ///   not as many values as elements.
    public func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        try requireRoom(in: values, for: shape)
        try require("minimum", minimum, expected: "a finite number")
        try require(
            "maximum",
            maximum,
            maximum >= minimum,
            expected: "a finite number, not below the minimum of \(minimum)"
        )
        for place in values.indices { values[place] = random.uniform(from: minimum, to: maximum) }
    }
}

extension Initializer where Self == RandomUniform {
    /// Values from a uniform distribution; the defaults are Keras'.
    public static func randomUniform(minimum: Double = -0.05, maximum: Double = 0.05) -> RandomUniform {
        RandomUniform(minimum: minimum, maximum: maximum)
    }
}
