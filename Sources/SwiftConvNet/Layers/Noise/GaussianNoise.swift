/// While training, adds normally distributed noise of mean 0, anew at every step. In use, passes everything.
///
/// Input and output: any shape. What random numbers depend on is said at ``Dropout``. Keras takes deviations of at most 1; this
/// layer takes larger ones, too.
///
/// ```swift
/// GaussianNoise(stddev: 0.1)
/// ```
public struct GaussianNoise: Layer, Hashable {
    /// `GaussianNoise`.
    public static let kind = "GaussianNoise"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The standard deviation of the noise.
    public let stddev: Float
    /// What random numbers depend on, in place of the model's seed.
    public let seed: UInt64?

    /// A layer that adds noise; names and order are Keras'.
    ///
    /// - Parameters:
    ///   - stddev: the standard deviation of the noise, at least 0.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(stddev: Float, seed: UInt64? = nil, name: String? = nil) {
        self.stddev = stddev
        self.seed = seed
        self.name = name
    }

    /// Emits a `Perturb` while training; in inference nothing runs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `stddev` is negative or not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireNotNegative(stddev, "stddev", of: "The noise's")
        guard lowering.mode == .training, stddev > 0 else { return [x] }
        let source = lowering.randomSource(seed: seed)
        return try lowering.emit(Perturb(deviation: stddev, multiplies: false, source: source), x)
    }
}
