/// While training, sets a share `rate` of the elements to zero, at random and anew at every step, and divides
/// the others by `1 - rate`, so that sums keep their expectation. In use, passes everything.
///
/// Which elements are dropped depends on the model's seed (or that of the layer), the number of batches that the model has been
/// trained on, the sample's place in the batch, the layer's name and which application it is, and on nothing else.
///
/// Input and output: any shape.
///
/// ```swift
/// Dropout(rate: 0.3, noiseShape: [nil, 1, nil])      // for samples [time, features]: the same features at all times
/// ```
///
/// Source: Srivastava and others, Dropout: a simple way to prevent neural networks from overfitting, 2014.
public struct Dropout: Layer, Hashable {
    /// `Dropout`.
    public static let kind = "Dropout"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The share of elements that are dropped, 0...1.
    public let rate: Float
    /// The shape of the mask, the batch axis first; `nil` for one of the input's shape.
    public let noiseShape: [Int?]?
    /// What random numbers depend on, in place of the model's seed.
    public let seed: UInt64?

    /// A layer that drops a share of the elements; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - rate: the share of elements that are dropped, 0...1.
    ///   - noiseShape: the shape of the mask, the batch axis first: `nil` is the input's size, and 1 stands for one decision for
    ///     all places along an axis. The default, `nil`, decides for each element.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(rate: Float, noiseShape: [Int?]? = nil, seed: UInt64? = nil, name: String? = nil) {
        self.rate = rate
        self.noiseShape = noiseShape
        self.seed = seed
        self.name = name
    }

    /// Emits a `Drop`, or a `DropMasked`, while training; in inference nothing runs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `rate` is not in 0...1, of kind `shape` if `noiseShape` does not fit.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireRate(rate)
        let mask = try noiseShape.map { try NoiseMask($0, for: x.shape) }
        guard lowering.mode == .training, rate > 0 else { return [x] }
        let source = lowering.randomSource(seed: seed)
        guard let mask else { return try lowering.emit(Drop(rate: rate, source: source), x) }
        return try lowering.emit(mask.drop(.dropout(rate: rate), source), x)
    }
}
