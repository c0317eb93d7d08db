import CKernels

/// Runs a copy along a map: sample by sample, or a whole tensor in tasks.
struct MoveKernel: Kernel {
    private let loops: [ck_loop], border: [ck_border]
    private let fill: Float
    /// Elements of a sample, before and after.
    private let inputCount: Int, outputCount: Int
    /// Where the loops begin.
    private let inputStart: Int, outputStart: Int
    /// Whether some elements of the input come to no place of the output.
    private let drops: Bool
    /// How many tasks share the outermost loop of a whole tensor; 1 for a sample.
    private let taskCount: Int
    private let isWhole: Bool

    init(_ map: StridedMap, fill: Float, isWhole: Bool = false) {
        let loops = map.loops
        self.loops = loops.loops
        border = loops.border
        self.fill = fill
        inputCount = map.input.elementCount
        outputCount = map.shape.elementCount
        inputStart = map.offset
        outputStart = loops.start
        drops = loops.readCount < inputCount
        self.isWhole = isWhole
        // Turns of a loop that repeats would add to the same gradients.
        let canShare = isWhole && self.loops[0].input != 0
        taskCount = canShare ? min(self.loops[0].count, max(1, outputCount / Self.taskSize), 64) : 1
    }

    /// Elements that are worth a task: 256 KiB.
    private static let taskSize = 1 << 16

    var backwardReads: BackwardReads { [] }

    /// Whether nothing moves.
    var isIdentity: Bool {
        border.isEmpty && inputCount == outputCount && inputStart == 0
            && (loops.count == 1 && loops[0].input == 1 && loops[0].output == 1)
    }

    func forward() -> [Stage] {
        guard taskCount == 1 else {
            return [Stage(.tasks(taskCount)) { copy($0.input(), $0.output, $0.task) }]
        }
        return [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    copy(context.input() + sample * inputCount, context.output + sample * outputCount)
                }
            }
        ]
    }

    func backward() -> [Stage] {
        // The engine has cleared what is whole.
        guard !isWhole else {
            return [
                Stage(.tasks(taskCount)) {
                    giveBack($0.outputGradient, $0.inputGradient(), $0.task, adds: true)
                }
            ]
        }
        return [
            Stage(.samples) { context in
                if drops { context.inputGradient().update(repeating: 0, count: context.count * inputCount) }
                for sample in 0..<context.count {
                    giveBack(
                        context.outputGradient + sample * outputCount,
                        context.inputGradient() + sample * inputCount,
                        adds: false
                    )
                }
            }
        ]
    }

    /// The turns of the outermost loop that are a task's.
    private func turns(_ task: Int) -> Range<Int> {
        let count = loops[0].count
        return (task * count / taskCount)..<((task + 1) * count / taskCount)
    }

    /// Copies a task's part of a sample; the first task fills the border.
    func copy(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ task: Int = 0) {
        let turns = turns(task)
        loops.withUnsafeBufferPointer { loops in
            guard let first = loops.baseAddress else { return }
            ck_move(
                input + inputStart + turns.lowerBound * first.pointee.input,
                output + outputStart + turns.lowerBound * first.pointee.output,
                first,
                loops.count,
                turns.count
            )
        }
        guard task == 0 else { return }
        border.withUnsafeBufferPointer { axes in
            if let first = axes.baseAddress, !axes.isEmpty { ck_fill_border(output, first, axes.count, fill) }
        }
    }

    /// The way back of a task's part.
    private func giveBack(
        _ outputGradient: UnsafePointer<Float>,
        _ inputGradient: UnsafeMutablePointer<Float>,
        _ task: Int = 0,
        adds: Bool
    ) {
        let turns = turns(task)
        loops.withUnsafeBufferPointer { loops in
            guard let first = loops.baseAddress else { return }
            ck_move_back(
                outputGradient + outputStart + turns.lowerBound * first.pointee.output,
                inputGradient + inputStart + turns.lowerBound * first.pointee.input,
                first,
                loops.count,
                turns.count,
                adds ? 1 : 0
            )
        }
    }
}
