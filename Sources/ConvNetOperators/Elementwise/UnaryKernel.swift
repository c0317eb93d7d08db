import CKernels

/// Runs a function of each element.
struct UnaryKernel: Kernel {
    private let function: ElementwiseFunction
    private let code: ck_unary_function
    /// Elements of one sample.
    private let count: Int

    init(_ function: ElementwiseFunction, _ code: ck_unary_function, count: Int) {
        self.function = function
        self.code = code
        self.count = count
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
        [Stage(.samples) { Self.apply(code, $0.input(), $0.output, count: $0.count * count) }]
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
