import CKernels

/// Runs softmax along the middle axis of `[outer, count, inner]`.
struct SoftmaxKernel: Kernel {
    private let outer: Int, count: Int, inner: Int
    private let isLogarithm: Bool

    init(of shape: Shape, axes: Range<Int>, isLogarithm: Bool) {
        outer = shape.prefix(axes.lowerBound).reduce(1, *)
        count = shape[axes].reduce(1, *)
        inner = shape.dropFirst(axes.upperBound).reduce(1, *)
        self.isLogarithm = isLogarithm
    }

    var backwardReads: BackwardReads { .output }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let blocks = context.count * outer
                switch (inner, isLogarithm) {
                case (1, false): ck_softmax(context.input(), context.output, blocks, count)
                case (1, true): ck_log_softmax(context.input(), context.output, blocks, count)
                default:
                    for block in 0..<blocks {
                        let place = block * count * inner
                        ck_softmax_columns(
                            context.input() + place,
                            context.output + place,
                            count,
                            inner,
                            isLogarithm ? 1 : 0
                        )
                    }
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                let blocks = context.count * outer
                let y = context.output, dy = context.outputGradient, dx = context.inputGradient()
                switch (inner, isLogarithm) {
                case (1, false): ck_softmax_backward(y, dy, dx, blocks, count)
                case (1, true): ck_log_softmax_backward(y, dy, dx, blocks, count)
                default:
                    for block in 0..<blocks {
                        let place = block * count * inner
                        ck_softmax_columns_backward(
                            y + place,
                            dy + place,
                            dx + place,
                            count,
                            inner,
                            isLogarithm ? 1 : 0
                        )
                    }
                }
            }
        ]
    }
}
