import CKernels

/// Runs a multiplication and an addition with the same numbers for all elements.
struct RescalingKernel: Kernel {
    /// Elements of one sample.
    let count: Int
    let scale: Float, offset: Float

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] {
        [Stage(.samples) { ck_affine($0.input(), $0.output, $0.count * count, scale, offset) }]
    }

    func backward() -> [Stage] {
        [Stage(.samples) { ck_affine($0.outputGradient, $0.inputGradient(), $0.count * count, scale, 0) }]
    }
}
