extension Lowering {
    /// Emits what drops whole channels while training.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes, of kind `argument` if the rate is not in
    ///   0...1.
    mutating func dropChannels(_ inputs: [Value], axes: Int, kind: String, rate: Float, seed: UInt64?) throws
        -> [Value]
    {
        let x = try image(inputs, axes: axes, for: kind).value
        try requireRate(rate)
        guard mode == .training, rate > 0 else { return [x] }
        let drop = NoiseMask(channelsOf: x.shape).drop(.dropout(rate: rate), randomSource(seed: seed))
        return try emit(drop, x)
    }
}
