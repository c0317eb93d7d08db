/// The dropout for networks of SELUs: while training, a share `rate` of the elements gets the lowest value of a SELU, at
/// random and anew at every step; then an affine function gives all elements mean and variance back. In use, passes
/// everything.
///
/// ```
/// y = a · (x where kept, else α') + b
/// α' = -1.6732632423543772 · 1.0507009873554805
/// a = 1 / sqrt((1 - rate) · (1 + rate · α'²)), b = -a · α' · rate
/// ```
///
/// Input and output: any shape. What random numbers depend on is said at ``Dropout``.
///
/// Source: Klambauer and others, Self-normalizing neural networks, 2017.
public struct AlphaDropout: Layer, Hashable {
    /// `AlphaDropout`.
    public static let kind = "AlphaDropout"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The share of elements that are dropped: at least 0, and less than 1.
    public let rate: Float
    /// The shape of the mask, the batch axis first; `nil` for one of the input's shape.
    public let noiseShape: [Int?]?
    /// What random numbers depend on, in place of the model's seed.
    public let seed: UInt64?

    /// A layer that drops a share of the elements; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - rate: the share of elements that are dropped: at least 0, and less than 1.
    ///   - noiseShape: the shape of the mask, the batch axis first, as in ``Dropout``. The default, `nil`, decides for each element.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(rate: Float, noiseShape: [Int?]? = nil, seed: UInt64? = nil, name: String? = nil) {
        self.rate = rate
        self.noiseShape = noiseShape
        self.seed = seed
        self.name = name
    }

    /// Emits a `DropMasked` while training; in inference nothing runs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `rate` is not in 0..<1, of kind `shape` if `noiseShape` does not fit.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireRate(rate, excludesOne: true)
        let mask = try noiseShape.map { try NoiseMask($0, for: x.shape) } ?? NoiseMask(of: x.shape)
        guard lowering.mode == .training, rate > 0 else { return [x] }
        return try lowering.emit(
            mask.drop(.alphaDropout(rate: rate), lowering.randomSource(seed: seed)),
            x
        )
    }
}
