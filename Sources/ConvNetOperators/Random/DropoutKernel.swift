import CKernels

/// Runs dropout while training. The backward pass draws the same random numbers again, so nothing is kept.
struct DropoutKernel: Kernel {
    let rate: Float
    let source: RandomSource
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
        let threshold = RandomSource.threshold(rate: rate)
        let scale = rate < 1 ? 1 / (1 - rate) : 0
        for (place, sample) in context.samples.enumerated() {
            source.withCounter(context, sample: sample) { c1, c2, c3, key in
                ck_dropout(x + place * count, y + place * count, count, threshold, scale, c1, c2, c3, key)
            }
        }
    }
}
