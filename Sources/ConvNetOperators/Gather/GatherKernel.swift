import CKernels

/// Runs a look-up of rows. Backwards each row of the table adds up what its places have, in their order: a task looks through all
/// indices of the batch for a part of the table's rows, so that no two write to one row, whatever the number of workers.
struct GatherKernel: Kernel {
    /// Rows of the table, elements of a row, indices of one sample.
    private let rows: Int, width: Int, indexCount: Int
    /// Elements from one sample of the table and of the indices to the next; 0 for what all samples share.
    private let tableStep: Int, indexStep: Int
    private let batch: Int
    private let needsGradient: [Bool]

    init(at site: Site) {
        rows = site.inputs[0].shape[0]
        width = site.inputs[0].shape.dropFirst().reduce(1, *)
        indexCount = site.inputs[1].shape.elementCount
        tableStep = site.inputs[0].isBatched ? rows * width : 0
        indexStep = site.inputs[1].isBatched ? indexCount : 0
        batch = site.batch
        needsGradient = site.needsGradient
    }

    var backwardReads: BackwardReads { .inputs }
    var gradientRoute: GradientRoute { .direct }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                for sample in 0..<context.count {
                    let table = context.input(0) + sample * tableStep
                    let indices = context.input(1) + sample * indexStep
                    let output = context.output + sample * indexCount * width
                    for place in 0..<indexCount {
                        let target = output + place * width
                        if let row = row(indices[place]) {
                            target.update(from: table + row * width, count: width)
                        } else {
                            target.update(repeating: .nan, count: width)
                        }
                    }
                }
            }
        ]
    }

    func backward() -> [Stage] {
        var stages: [Stage] = []
        if needsGradient[0] { stages.append(tableStage) }
        if needsGradient[1] {
            // A step function of the indices: its slope is 0.
            stages.append(
                Stage(indexStep > 0 ? .samples : .once) { context in
                    let count = indexStep > 0 ? context.count * indexCount : indexCount
                    context.inputGradient(1).update(repeating: 0, count: count)
                }
            )
        }
        return stages
    }

    private var tableStage: Stage {
        guard tableStep == 0 else {
            return Stage(.samples) { context in
                context.inputGradient(0).update(repeating: 0, count: context.count * tableStep)
                for sample in 0..<context.count {
                    addRows(of: sample, in: 0..<rows, to: sample * tableStep, context)
                }
            }
        }
        // As many parts as workers can share, of no less than a few kilobytes.
        let parts = min(16, max(1, rows * width / 1024), rows)
        return Stage(.tasks(parts)) { context in
            let part = (context.task * rows / parts)..<((context.task + 1) * rows / parts)
            (context.inputGradient(0) + part.lowerBound * width)
                .update(repeating: 0, count: part.count * width)
            for sample in 0..<batch { addRows(of: sample, in: part, to: 0, context) }
        }
    }

    /// Adds the gradients of a sample's rows that are in a part of the table.
    private func addRows(of sample: Int, in part: Range<Int>, to first: Int, _ context: StageContext) {
        let indices = context.input(1) + sample * indexStep
        let gradients = context.outputGradient + sample * indexCount * width
        for place in 0..<indexCount {
            guard let row = row(indices[place]), part.contains(row) else { continue }
            ck_add(gradients + place * width, context.inputGradient(0) + first + row * width, width)
        }
    }

    /// The row that an index names; `nil` if it is none.
    private func row(_ index: Float) -> Int? {
        // Within the range the conversion cannot trap; `Int(exactly:)` would take longer than the copy of a short row.
        guard index >= 0, index < Float(rows) else { return nil }
        let row = Int(index)
        return Float(row) == index && row < rows ? row : nil
    }
}
