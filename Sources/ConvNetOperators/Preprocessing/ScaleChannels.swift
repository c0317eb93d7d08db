import CKernels

/// `y = scale · x + offset`, with numbers of their own for each index of the last axis.
package struct ScaleChannels: Operator {
    package let scale: [Float], offset: [Float]

    /// - Precondition: as many numbers of either.
    package init(scale: [Float], offset: [Float]) {
        precondition(scale.count == offset.count)
        self.scale = scale
        self.offset = offset
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        guard inputs[0].shape.last == scale.count else {
            throw ConvNetError(
                .shape,
                "There is not a number for each channel",
                expected: "\(scale.count) channels, the last axis",
                received: "\(inputs[0].shape)"
            )
        }
        return [inputs[0]]
    }

    package func kernel(at site: Site) -> any Kernel {
        ScaleChannelsKernel(
            rows: site.outputs[0].shape.elementCount / scale.count,
            scale: scale,
            offset: offset,
            zeros: Array(repeating: 0, count: scale.count)
        )
    }
}

/// Runs a multiplication and an addition with numbers for each channel.
private struct ScaleChannelsKernel: Kernel {
    /// Pixels of a sample.
    let rows: Int
    let scale: [Float], offset: [Float], zeros: [Float]

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] { [stage(offset) { ($0.input(), $0.output) }] }
    func backward() -> [Stage] {
        [stage(zeros) { (UnsafePointer($0.outputGradient), $0.inputGradient()) }]
    }

    private func stage(
        _ offset: [Float],
        _ places: @escaping @Sendable (StageContext) -> (UnsafePointer<Float>, UnsafeMutablePointer<Float>)
    ) -> Stage {
        Stage(.samples) { context in
            let (from, to) = places(context)
            scale.withUnsafeBufferPointer { scale in
                offset.withUnsafeBufferPointer { offset in
                    ck_channel_affine(
                        from,
                        to,
                        context.count * rows,
                        scale.count,
                        scale.baseAddress,
                        offset.baseAddress
                    )
                }
            }
        }
    }
}
