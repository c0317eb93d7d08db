import CKernels

extension StridedMap {
    /// What the kernels run: as few loops as there can be, and where they begin in the output.
    struct Loops: Sendable {
        /// At least one, outermost first.
        let loops: [ck_loop]
        /// The element of the output at which they begin.
        let start: Int
        /// The axes with a border, and those around them; none if there is no border.
        let border: [ck_border]
        /// Elements of the input that are read at least once.
        let readCount: Int
    }

    /// The loops of a map whose sizes are checked.
    var loops: Loops {
        var loops: [ck_loop] = []
        var border: [ck_border] = []
        var start = 0, stride = 1
        for axis in axes.reversed() {
            let isWithin = border.isEmpty && axis.before + axis.after == 0
            if !isWithin {
                border.insert(
                    ck_border(before: axis.before, count: axis.inside, after: axis.after, stride: stride),
                    at: 0
                )
            }
            start += axis.before * stride
            var step = stride
            for loop in axis.loops.reversed() {
                loops.insert(ck_loop(count: loop.count, input: loop.stride, output: step), at: 0)
                step *= loop.count
            }
            stride *= axis.size
        }
        let readCount = loops.reduce(1) { $1.input == 0 ? $0 : $0 * $1.count }
        return Loops(loops: Self.fused(loops), start: start, border: border, readCount: readCount)
    }

    /// The same loops with neighbours joined that are one longer loop.
    private static func fused(_ loops: [ck_loop]) -> [ck_loop] {
        var result: [ck_loop] = []
        for loop in loops where loop.count != 1 {
            if let outer = result.last, outer.input == loop.count * loop.input,
                outer.output == loop.count * loop.output
            {
                result[result.count - 1] = ck_loop(
                    count: outer.count * loop.count,
                    input: loop.input,
                    output: loop.output
                )
            } else {
                result.append(loop)
            }
        }
        return result.isEmpty ? [ck_loop(count: 1, input: 1, output: 1)] : result
    }
}
