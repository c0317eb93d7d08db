/// Values from a normal distribution, those at two standard deviations or more from the mean drawn again. Keras'
/// `TruncatedNormal`.
public struct TruncatedNormal: Initializer, Hashable {
    /// `TruncatedNormal`.
    public static let kind = "TruncatedNormal"

    /// The mean: finite.
    public var mean: Double
    /// The standard deviation before truncation: finite, 0 or more.
    public var standardDeviation: Double

    /// Makes the rule.
    ///
    /// - Parameters:
    ///   - mean: The mean. Default 0, as in Keras.
    ///   - standardDeviation: The standard deviation before truncation. Default 0.05, as in Keras.
    public init(mean: Double = 0, standardDeviation: Double = 0.05) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    enum CodingKeys: String, CodingKey {
        case mean
        case standardDeviation = "stddev"
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
        try require("mean", mean, expected: "a finite number")
        try require(
            "standardDeviation",
            standardDeviation,
            standardDeviation >= 0,
            expected: "a finite number of 0 or more"
        )
        for place in values.indices {
            values[place] = Float(mean + standardDeviation * random.standardTruncatedNormal())
        }
    }
}

extension Initializer where Self == TruncatedNormal {
    /// Values from a normal distribution within two standard deviations; the defaults are Keras'.
    public static func truncatedNormal(mean: Double = 0, standardDeviation: Double = 0.05) -> TruncatedNormal
    {
        TruncatedNormal(mean: mean, standardDeviation: standardDeviation)
    }
}
