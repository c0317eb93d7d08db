/// While training, drops whole feature maps: a share `rate` of the channels of each sample is set to zero, at random and anew
/// at every step, and the others are divided by `1 - rate`. In use, passes everything.
///
/// Neighbours in a feature map are alike; so dropping single elements, as `Dropout` does, would hardly hide anything.
/// Input and output, without the batch axis: `[length, channels]`. What random numbers depend on is said at ``Dropout``.
///
/// ```swift
/// SpatialDropout1D(rate: 0.2)
/// ```
///
/// Source: Tompson and others, Efficient object localization using convolutional networks, 2015.
public struct SpatialDropout1D: Layer, Hashable {
    /// `SpatialDropout1D`.
    public static let kind = "SpatialDropout1D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The share of channels that are dropped, 0...1.
    public let rate: Float
    /// What random numbers depend on, in place of the model's seed.
    public let seed: UInt64?

    /// A layer that drops a share of the channels; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - rate: the share of channels that are dropped, 0...1.
    ///   - seed: what random numbers depend on, in place of the model's seed. Default `nil`: the model's.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(rate: Float, seed: UInt64? = nil, name: String? = nil) {
        self.rate = rate
        self.seed = seed
        self.name = name
    }

    /// Emits a `DropMasked` while training; in inference nothing runs.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes, of kind `argument` if `rate` is not in
    ///   0...1.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.dropChannels(inputs, axes: 1, kind: Self.kind, rate: rate, seed: seed)
    }
}
