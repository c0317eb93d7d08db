/// Where a kernel's random numbers come from: a stream of the model's, or of a seed of the layer's own.
package struct RandomSource: Sendable {
    /// The number of the stream, from `Lowering.randomStream`.
    let stream: UInt32
    /// A seed in place of the model's.
    let seed: UInt64?

    package init(stream: UInt32, seed: UInt64? = nil) {
        self.stream = stream
        self.seed = seed
    }

    /// Lends the counter's words and the key for one sample of the batch at hand.
    func withCounter(
        _ context: StageContext,
        sample: Int,
        _ body: (UInt32, UInt32, UInt32, UnsafePointer<UInt32>?) -> Void
    ) {
        let (c1, c2, c3) = RandomStream.counterWords(
            .dropout,
            UInt32(truncatingIfNeeded: context.batchesDone),
            UInt32(truncatingIfNeeded: sample),
            stream
        )
        withUnsafeBytes(of: seed.map(RandomStream.key) ?? context.randomKey) {
            body(c1, c2, c3, $0.assumingMemoryBound(to: UInt32.self).baseAddress)
        }
    }

    /// An element is dropped if its 32 random bits are below this.
    static func threshold(rate: Float) -> UInt32 {
        UInt32(min(Double(rate) * 0x1p32, Double(UInt32.max)))
    }
}

extension Lowering {
    /// A source of random numbers of the layer's own.
    ///
    /// - Parameter seed: a seed in place of the model's.
    package mutating func randomSource(seed: UInt64? = nil) -> RandomSource {
        RandomSource(stream: randomStream(), seed: seed)
    }
}
