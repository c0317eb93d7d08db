import CKernels

/// Runs a function of each element.
struct UnaryKernel: Kernel {
    private let function: ElementwiseFunction
    private let code: ck_unary_function
    /// Elements of one sample.
    private let count: Int
    private let parts: SampleParts

    init(_ function: ElementwiseFunction, _ code: ck_unary_function, count: Int, batch: Int) {
        self.function = function
        self.code = code
        self.count = count
        parts = SampleParts(batch: batch, units: count, elements: count)
    }

    var backwardReads: BackwardReads { function.backwardReads }

    static func apply(
        _ function: ck_unary_function,
        _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        ck_unary(x, y, count, function)
    }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, elements in
                let first = samples.lowerBound * count + elements.lowerBound
                let total = samples.count * elements.count
                Self.apply(code, context.input() + first, context.output + first, count: total)
            }
        ]
    }

    func backward() -> [Stage] {
        let readsOutput = function.backwardReads == .output
        return [
            Stage(.samples) { context in
                ck_unary_backward(
                    readsOutput ? UnsafePointer(context.output) : context.input(),
                    context.outputGradient,
                    context.inputGradient(),
                    context.count * count,
                    code
                )
            }
        ]
    }
}
