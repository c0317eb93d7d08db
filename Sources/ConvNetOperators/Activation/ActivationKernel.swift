import CKernels

/// Runs an activation function that is a layer of its own.
struct ActivationKernel: Kernel {
    let function: ActivationFunction
    let site: Site

    var isIdentity: Bool { function == .linear }
    var gradientRoute: GradientRoute { .direct }
    var backwardReads: BackwardReads {
        function.epilogue == nil && function != .softmax ? .inputs : .output
    }

    func forward() -> [Stage] {
        let count = site.outputs[0].shape.elementCount
        guard let (function, parameter) = function.code else {
            return [
                Stage(.samples) { ck_softmax($0.input(), $0.output, $0.count * (count / channels), channels) }
            ]
        }
        return [Stage(.samples) { ck_activate($0.input(), $0.output, $0.count * count, function, parameter) }]
    }

    func backward() -> [Stage] {
        let count = site.outputs[0].shape.elementCount
        guard let (code, parameter) = function.code else {
            return [
                Stage(.samples) {
                    ck_softmax_backward(
                        $0.output,
                        $0.outputGradient,
                        $0.inputGradient(),
                        $0.count * (count / channels),
                        channels
                    )
                }
            ]
        }
        guard function.epilogue != nil else {
            return [
                Stage(.samples) {
                    ck_activate_backward_from_input(
                        $0.input(),
                        $0.outputGradient,
                        $0.inputGradient(),
                        $0.count * count,
                        code,
                        parameter
                    )
                }
            ]
        }
        return [
            Stage(.samples) {
                $0.inputGradient().update(from: $0.outputGradient, count: $0.count * count)
                ck_activate_backward_from_output(
                    $0.output,
                    $0.inputGradient(),
                    $0.count * count,
                    code,
                    parameter
                )
            }
        ]
    }

    private var channels: Int { max(site.outputs[0].shape.last ?? 1, 1) }
}
