/// While training, sets a share `rate` of the elements to zero, at random and anew at every step, and divides
/// the others by `1 - rate`, so that sums keep their expectation. In use, passes everything.
///
/// Which elements are dropped depends on the model's seed, the number of batches that it has been trained on, the sample's place
/// in the batch, the layer's name and which application it is, and on nothing else.
///
/// Source: Srivastava and others, Dropout: a simple way to prevent neural networks from overfitting, 2014.
public struct Dropout: Layer, Hashable {
    /// `Dropout`.
    public static let kind = "Dropout"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The share of elements that are dropped, 0...1.
    public let rate: Float

    /// A layer that drops a share of the elements.
    public init(rate: Float, name: String? = nil) {
        self.rate = rate
        self.name = name
    }

    /// Emits a `Drop` while training; in inference nothing runs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `rate` is not in 0...1.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard (0...1).contains(rate) else {
            throw ConvNetError(
                .argument,
                "Not a share of elements to drop",
                at: "rate",
                expected: "0...1",
                received: "\(rate)"
            )
        }
        guard lowering.mode == .training, rate > 0 else { return [x] }
        return try lowering.emit(Drop(rate: rate, stream: lowering.randomStream()), x)
    }
}
