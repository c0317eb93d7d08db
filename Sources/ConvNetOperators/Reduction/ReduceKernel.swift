import CKernels

/// Runs a reduction of the middle axis of `[outer, count, inner]`.
struct ReduceKernel: Kernel {
    private let function: Reduce.Function
    private let outer: Int, count: Int, inner: Int

    init(_ function: Reduce.Function, of shape: Shape, axes: Range<Int>) {
        self.function = function
        outer = shape.prefix(axes.lowerBound).reduce(1, *)
        count = shape[axes].reduce(1, *)
        inner = shape.dropFirst(axes.upperBound).reduce(1, *)
    }

    var backwardReads: BackwardReads {
        switch function {
        case .sum, .mean: []
        case .max, .min: [.inputs, .output]
        case .product: .inputs
        }
    }

    func reduce(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, samples: Int) {
        let blocks = samples * outer, code = function.code
        if inner == 1 {
            ck_reduce_rows(x, blocks, count, y, code)
        } else {
            for block in 0..<blocks {
                ck_reduce_columns(x + block * count * inner, count, inner, y + block * inner, code)
            }
        }
        if function == .mean { ck_scale(y, blocks * inner, 1 / Float(count)) }
    }

    func forward() -> [Stage] {
        [Stage(.samples) { reduce($0.input(), into: $0.output, samples: $0.count) }]
    }

    func backward() -> [Stage] {
        let code = function.code
        // A product reads its input alone: then nothing is known of the output.
        let readsOutput = backwardReads.contains(.output)
        return [
            Stage(.samples) { context in
                let blocks = context.count * outer
                let x = context.input(), dy = context.outputGradient, dx = context.inputGradient()
                let y = readsOutput ? context.output : dy
                if function == .mean { ck_scale(dy, blocks * inner, 1 / Float(count)) }
                if inner == 1 { return ck_reduce_rows_backward(x, y, dy, blocks, count, dx, code) }
                for block in 0..<blocks {
                    let place = block * count * inner, result = block * inner
                    ck_reduce_columns_backward(
                        x + place,
                        y + result,
                        dy + result,
                        count,
                        inner,
                        dx + place,
                        code
                    )
                }
            }
        ]
    }
}
