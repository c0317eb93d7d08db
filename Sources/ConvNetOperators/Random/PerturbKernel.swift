import CKernels

/// Runs noise while training. Where it multiplies, the backward pass draws the same random numbers again.
struct PerturbKernel: Kernel {
    let deviation: Float
    let multiplies: Bool
    let source: RandomSource
    /// Elements of one sample.
    let count: Int

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [Stage(.samples) { perturb($0.input(), $0.output, $0) }]
    }

    func backward() -> [Stage] {
        guard multiplies else {
            return [
                Stage(.samples) {
                    $0.inputGradient().update(from: $0.outputGradient, count: $0.count * count)
                }
            ]
        }
        return [Stage(.samples) { perturb($0.outputGradient, $0.inputGradient(), $0) }]
    }

    private func perturb(
        _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>,
        _ context: StageContext
    ) {
        for (place, sample) in context.samples.enumerated() {
            source.withCounter(context, sample: sample) { c1, c2, c3, key in
                ck_gaussian_noise(
                    x + place * count,
                    y + place * count,
                    count,
                    deviation,
                    multiplies ? 1 : 0,
                    c1,
                    c2,
                    c3,
                    key
                )
            }
        }
    }
}
