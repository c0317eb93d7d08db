import CKernels

/// Runs dropout while training. The backward pass draws the same random numbers again, so nothing is kept.
struct DropoutKernel: Kernel {
    let rate: Float
    /// The number of the stream of random numbers.
    let stream: UInt32
    /// Elements of one sample.
    let count: Int

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [Stage(.samples) { drop($0.input(), $0.output, $0) }]
    }

    func backward() -> [Stage] {
        [Stage(.samples) { drop($0.outputGradient, $0.inputGradient(), $0) }]
    }

    private func drop(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ context: StageContext) {
        // An element is dropped if its 32 random bits are below the threshold.
        let threshold = UInt32(min(Double(rate) * 0x1p32, Double(UInt32.max)))
        let scale = rate < 1 ? 1 / (1 - rate) : 0
        withUnsafeBytes(of: context.randomKey) { bytes in
            let key = bytes.assumingMemoryBound(to: UInt32.self).baseAddress
            for (place, sample) in context.samples.enumerated() {
                let (c1, c2, c3) = RandomStream.counterWords(
                    .dropout,
                    UInt32(truncatingIfNeeded: context.batchesDone),
                    UInt32(truncatingIfNeeded: sample),
                    stream
                )
                ck_dropout(x + place * count, y + place * count, count, threshold, scale, c1, c2, c3, key)
            }
        }
    }
}
