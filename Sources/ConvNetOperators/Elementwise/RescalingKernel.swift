import CKernels

/// Runs a multiplication and an addition with the same numbers for all elements.
package struct RescalingKernel: Kernel {
    /// Elements of one sample.
    package let count: Int
    let scale: Float, offset: Float

    package init(count: Int, scale: Float, offset: Float) {
        self.count = count
        self.scale = scale
        self.offset = offset
    }

    package var backwardReads: BackwardReads { [] }

    package func forward() -> [Stage] {
        [Stage(.samples) { ck_affine($0.input(), $0.output, $0.count * count, scale, offset) }]
    }

    package func backward() -> [Stage] {
        [Stage(.samples) { ck_affine($0.outputGradient, $0.inputGradient(), $0.count * count, scale, 0) }]
    }
}
