import CKernels

/// Runs dropout with a mask while training. The backward pass draws the same random numbers again, so nothing is kept.
struct MaskedDropKernel: Kernel {
    let rule: DropMasked.Rule
    let mask: Repetition
    let isSharedBySamples: Bool
    let source: RandomSource

    var backwardReads: BackwardReads { [] }
    /// The random words of one mask.
    var scratch: Int { mask.count * MemoryLayout<UInt32>.stride }

    func forward() -> [Stage] {
        [Stage(.samples) { drop($0.input(), $0.output, $0, shift: rule.shift, dropped: rule.dropped) }]
    }

    func backward() -> [Stage] {
        [Stage(.samples) { drop($0.outputGradient, $0.inputGradient(), $0, shift: 0, dropped: 0) }]
    }

    private func drop(
        _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>,
        _ context: StageContext,
        shift: Float,
        dropped: Float
    ) {
        let words = context.scratch.assumingMemoryBound(to: UInt32.self)
        let threshold = RandomSource.threshold(rate: rule.rate)
        let channels = mask.places == nil ? mask.count : mask.sampleCount
        for (place, sample) in context.samples.enumerated() {
            source.withCounter(context, sample: isSharedBySamples ? 0 : sample) { c1, c2, c3, key in
                ck_philox_fill(0, c1, c2, c3, key, words, mask.count)
            }
            let offset = place * mask.sampleCount
            ck_drop_by_words(
                x + offset,
                y + offset,
                mask.sampleCount / channels,
                channels,
                words,
                mask.places,
                threshold,
                rule.scale,
                shift,
                dropped
            )
        }
    }
}
