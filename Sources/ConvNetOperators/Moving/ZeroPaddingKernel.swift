/// Runs zero padding: rows are copied, what lies between them is set to zero. All sizes are in elements.
struct ZeroPaddingKernel: Kernel {
    /// Rows of the input, and elements of each.
    let height: Int, rowCount: Int
    /// Zeros before the first and after the last row of the input, and before and after each row.
    let above: Int, below: Int, before: Int, after: Int

    var backwardReads: BackwardReads { [] }
    private var stride: Int { before + rowCount + after }
    private var outputCount: Int { above + height * stride + below }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    let input = context.input() + sample * height * rowCount
                    var output = context.output + sample * outputCount
                    output.update(repeating: 0, count: above)
                    output += above
                    for row in 0..<height {
                        output.update(repeating: 0, count: before)
                        (output + before).update(from: input + row * rowCount, count: rowCount)
                        (output + before + rowCount).update(repeating: 0, count: after)
                        output += stride
                    }
                    output.update(repeating: 0, count: below)
                }
            }
        ]
    }

    func backward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    let first = context.outputGradient + sample * outputCount + above + before
                    let target = context.inputGradient() + sample * height * rowCount
                    for row in 0..<height {
                        (target + row * rowCount).update(from: first + row * stride, count: rowCount)
                    }
                }
            }
        ]
    }
}
