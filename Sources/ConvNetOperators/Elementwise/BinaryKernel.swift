import CKernels

/// Runs a function of two operands. Backwards, the gradient of an operand that was stretched, or that all samples share, is added
/// up.
struct BinaryKernel: Kernel {
    private let function: ElementwiseFunction
    private let code: ck_binary_function
    private let layout: BroadcastLayout
    /// Elements from one sample of each operand to the next; 0 for one that all samples share.
    private let steps: (Int, Int)
    private let needsGradient: [Bool]
    private let parts: SampleParts

    init(_ function: ElementwiseFunction, _ code: ck_binary_function, at site: Site) {
        self.function = function
        self.code = code
        layout = BroadcastLayout(site.inputs[0].shape, site.inputs[1].shape, to: site.outputs[0].shape)
        steps = (
            site.inputs[0].isBatched ? layout.counts.0 : 0, site.inputs[1].isBatched ? layout.counts.1 : 0
        )
        needsGradient = site.needsGradient
        parts = SampleParts(batch: site.batch, units: layout.outermostSize, elements: layout.outputCount)
    }

    var backwardReads: BackwardReads { function.backwardReads }

    static func apply(
        _ function: ck_binary_function,
        _ layout: BroadcastLayout,
        _ first: UnsafePointer<Float>,
        _ second: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>,
        samples: Int = 1,
        steps: (Int, Int) = (0, 0),
        places: Range<Int>? = nil
    ) {
        let columns = layout.columnStrides
        layout.forEachBlock(samples: samples, steps: steps, places: places) { block in
            ck_binary(
                function,
                first + block.first,
                block.rowStrides.0,
                columns.0,
                second + block.second,
                block.rowStrides.1,
                columns.1,
                output + block.output,
                block.rows,
                block.columns
            )
        }
    }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, places in
                let first = samples.lowerBound
                Self.apply(
                    code,
                    layout,
                    context.input(0) + first * steps.0,
                    context.input(1) + first * steps.1,
                    context.output + first * layout.outputCount,
                    samples: samples.count,
                    steps: steps,
                    places: places
                )
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                for operand in 0..<2 where needsGradient[operand] { makeGradient(of: operand, context) }
            }
        ]
    }

    private func makeGradient(of operand: Int, _ context: StageContext) {
        let target = context.inputGradient(operand)
        let step = operand == 0 ? steps.0 : steps.1
        let isStretched = (operand == 0 ? layout.counts.0 : layout.counts.1) < layout.outputCount
        let accumulates = isStretched || step == 0
        // What all samples share has been cleared by the engine.
        if isStretched, step > 0 { target.update(repeating: 0, count: context.count * step) }
        let columns = layout.columnStrides
        layout.forEachBlock(samples: context.count, steps: steps) { block in
            ck_binary_backward(
                code,
                Int32(operand),
                context.input(0) + block.first,
                block.rowStrides.0,
                columns.0,
                context.input(1) + block.second,
                block.rowStrides.1,
                columns.1,
                context.outputGradient + block.output,
                target + (operand == 0 ? block.first : block.second),
                block.rows,
                block.columns,
                accumulates ? 1 : 0
            )
        }
    }
}
