/// While training, multiplies each element by a normally distributed number of mean 1 and deviation
/// `sqrt(rate / (1 - rate))`, anew at every step. In use, passes everything.
///
/// Input and output: any shape. What random numbers depend on is said at ``Dropout``.
///
/// ```swift
/// GaussianDropout(rate: 0.2)
/// ```
///
/// Source: Srivastava and others, Dropout: a simple way to prevent neural networks from overfitting, 2014, section 10.
public struct GaussianDropout: Layer, Hashable {
    /// `GaussianDropout`.
    public static let kind = "GaussianDropout"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The rate of the `Dropout` whose noise has the same deviation: at least 0, and less than 1.
    public let rate: Float
    /// What random numbers depend on, in place of the model's seed.
    public let seed: UInt64?

    /// A layer that multiplies by noise; names and order are Keras'.
    ///
    /// - Parameters:
    ///   - rate: the rate of the `Dropout` whose noise has the same deviation: at least 0, and less than 1.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(rate: Float, seed: UInt64? = nil, name: String? = nil) {
        self.rate = rate
        self.seed = seed
        self.name = name
    }

    /// Emits a `Perturb` while training; in inference nothing runs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `rate` is not in 0..<1.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireRate(rate, excludesOne: true)
        guard lowering.mode == .training, rate > 0 else { return [x] }
        let deviation = (rate / (1 - rate)).squareRoot(), source = lowering.randomSource(seed: seed)
        return try lowering.emit(Perturb(deviation: deviation, multiplies: true, source: source), x)
    }
}
