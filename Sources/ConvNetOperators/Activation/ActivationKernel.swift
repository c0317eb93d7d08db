import CKernels

/// Runs an element-wise activation function that is an operator of its own.
struct ActivationKernel: Kernel {
    private let code: (function: ck_activation, parameter: Float)
    /// Whether the gradient follows from the output.
    private let isFromOutput: Bool
    /// Elements of one sample.
    private let count: Int
    private let parts: SampleParts

    /// - Precondition: the function has a code.
    init(function: ActivationFunction, count: Int, batch: Int) {
        guard let code = function.code else { preconditionFailure("\(function) has a kernel of its own") }
        self.code = code
        self.count = count
        parts = SampleParts(batch: batch, units: count, elements: count)
        isFromOutput = function.epilogue != nil
    }

    var isIdentity: Bool { code.function == CK_LINEAR }
    var gradientRoute: GradientRoute { .direct }
    var backwardReads: BackwardReads { isFromOutput ? .output : .inputs }

    func forward() -> [Stage] {
        [
            parts.stage { context, samples, elements in
                let first = samples.lowerBound * count + elements.lowerBound
                ck_activate(
                    context.input() + first,
                    context.output + first,
                    samples.count * elements.count,
                    code.function,
                    code.parameter
                )
            }
        ]
    }

    func backward() -> [Stage] {
        guard isFromOutput else {
            return [
                Stage(.samples) {
                    ck_activate_backward_from_input(
                        $0.input(),
                        $0.outputGradient,
                        $0.inputGradient(),
                        $0.count * count,
                        code.function,
                        code.parameter
                    )
                }
            ]
        }
        return [
            Stage(.samples) { context in
                let gradient = context.inputGradient()
                let total = context.count * count
                // Some elements at a time, which are still in the first-level cache when the function changes them.
                for first in stride(from: 0, to: total, by: Self.blockSize) {
                    let part = min(Self.blockSize, total - first)
                    (gradient + first).update(from: context.outputGradient + first, count: part)
                    ck_activate_backward_from_output(
                        context.output + first,
                        gradient + first,
                        part,
                        code.function,
                        code.parameter
                    )
                }
            }
        ]
    }

    private static let blockSize = 2048
}
