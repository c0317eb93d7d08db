/// How the elements of two operands meet once they are stretched to one shape: in rows, whose columns are neighbours.
///
/// Neighbouring axes that both operands have, or that the same one lacks, make up one axis. So images and their channels'
/// factors, `[height, width, channels]` and `[channels]`, meet in height · width rows.
struct BroadcastLayout: Sendable {
    /// An axis of the output, and the elements from one of its places to the next in each operand; 0 where that is stretched.
    struct Axis: Sendable {
        var size: Int
        var strides: (Int, Int)
    }

    /// A block of rows: where it begins in the operands and in the output, and its sizes.
    struct Block {
        var first = 0, second = 0, output = 0
        var rows: Int
        var rowStrides: (Int, Int)
        var columns: Int
    }

    /// The innermost axis, with strides of 0 or 1, not both 0.
    private let columns: Axis
    private let rows: Axis
    /// The axes around them, outermost first.
    private let others: [Axis]
    /// Elements of one sample of each operand, and of the output.
    let counts: (Int, Int), outputCount: Int

    init(_ first: Shape, _ second: Shape, to output: Shape) {
        let first = first.aligned(toRank: output.rank), second = second.aligned(toRank: output.rank)
        var axes: [Axis] = []
        var steps = (1, 1)
        for axis in output.indices.reversed() where output[axis] > 1 {
            let strides = (first[axis] == 1 ? 0 : steps.0, second[axis] == 1 ? 0 : steps.1)
            if let inner = axes.last, strides.0 == inner.size * inner.strides.0,
                strides.1 == inner.size * inner.strides.1
            {
                axes[axes.count - 1].size *= output[axis]
            } else {
                axes.append(Axis(size: output[axis], strides: strides))
            }
            steps = (steps.0 * first[axis], steps.1 * second[axis])
        }
        columns = axes.first ?? Axis(size: 1, strides: (1, 1))
        rows = axes.count > 1 ? axes[1] : Axis(size: 1, strides: (0, 0))
        others = axes.dropFirst(2).reversed()
        counts = (first.elementCount, second.elementCount)
        outputCount = output.elementCount
    }

    /// The size of the outermost axis.
    var outermostSize: Int { others.first?.size ?? (rows.size > 1 ? rows.size : columns.size) }

    /// The strides along the columns.
    var columnStrides: (Int32, Int32) { (Int32(columns.strides.0), Int32(columns.strides.1)) }

    /// Calls `body` for the rows of some samples, a block at a time.
    ///
    /// - Parameters:
    ///   - steps: the elements from one sample of each operand to the next; 0 for one that all samples share.
    ///   - places: those along the outermost axis; all unless given.
    /// - Precondition: the places are all, or there is one sample.
    func forEachBlock(
        samples: Int,
        steps: (Int, Int),
        places: Range<Int>? = nil,
        _ body: (Block) -> Void
    ) {
        let places = places ?? 0..<outermostSize
        if others.isEmpty, rows.size == 1 {
            let isWhole = places.count == columns.size
            let isApart = columns.strides != (1, 1) || steps != (columns.size, columns.size) || !isWhole
            return body(
                Block(
                    first: places.lowerBound * columns.strides.0,
                    second: places.lowerBound * columns.strides.1,
                    output: places.lowerBound,
                    rows: isApart ? samples : 1,
                    rowStrides: isApart ? steps : (0, 0),
                    columns: isApart ? places.count : samples * columns.size
                )
            )
        }
        if others.isEmpty {
            var block = Block(rows: places.count, rowStrides: rows.strides, columns: columns.size)
            for sample in 0..<samples {
                block.first = sample * steps.0 + places.lowerBound * rows.strides.0
                block.second = sample * steps.1 + places.lowerBound * rows.strides.1
                block.output = sample * outputCount + places.lowerBound * columns.size
                body(block)
            }
            return
        }
        var block = Block(rows: rows.size, rowStrides: rows.strides, columns: columns.size)
        let blockCount = outputCount / (rows.size * columns.size), blocksPerPlace = blockCount / outermostSize
        for sample in 0..<samples {
            for index in (places.lowerBound * blocksPerPlace)..<(places.upperBound * blocksPerPlace) {
                (block.first, block.second) = (sample * steps.0, sample * steps.1)
                block.output = sample * outputCount + index * rows.size * columns.size
                var rest = index
                for axis in others.reversed() {
                    let place = rest % axis.size
                    rest /= axis.size
                    block.first += place * axis.strides.0
                    block.second += place * axis.strides.1
                }
                body(block)
            }
        }
    }
}
