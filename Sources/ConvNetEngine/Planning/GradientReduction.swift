import CKernels

/// Adds up the gradients of whole values: the shards' copies in a fixed tree, ((0 + 1) + (2 + 3)) + …, then what other
/// readers have stored, in their order. Workers share the sums in pieces.
struct GradientReduction {
    /// One value's sum. Numbers are those of the stage's inputs and outputs.
    struct Sum {
        let output: Int
        /// Elements.
        let count: Int
        /// The shards' copies, of which input `shards` is the first.
        var shards: Int?
        var parts: [Int] = []
    }

    private struct Piece {
        let sum: Sum
        let start: Int, count: Int
    }

    /// Elements in one piece: what fits the first-level cache for a few shards at once.
    private static let pieceCount = 2048

    private let pieces: [Piece]
    private let shardCount: Int

    init(_ sums: [Sum], shardCount: Int) {
        self.shardCount = shardCount
        pieces = sums.flatMap { sum in
            stride(from: 0, to: sum.count, by: Self.pieceCount).map { start in
                Piece(sum: sum, start: start, count: min(Self.pieceCount, sum.count - start))
            }
        }
    }

    /// Bytes from one shard's copy to the next.
    static func shardStride(elements count: Int) -> Int {
        AlignedBuffer.rounded(count * MemoryLayout<Float>.stride)
    }

    var stage: Stage {
        Stage(.tasks(pieces.count)) { context in
            let piece = pieces[context.task], sum = piece.sum
            let target = context.output(sum.output) + piece.start
            var isFirst = true
            func add(_ values: UnsafePointer<Float>) {
                if isFirst {
                    target.update(from: values, count: piece.count)
                } else {
                    ck_add(values, target, piece.count)
                }
                isFirst = false
            }
            if let shards = sum.shards {
                // A task is no shard: the first copy is the one that it sees.
                let first = UnsafeMutablePointer(mutating: context.input(shards)) + piece.start
                let stride = Self.shardStride(elements: sum.count) / MemoryLayout<Float>.stride
                addUp(first, stride: stride, count: piece.count)
                add(first)
            }
            for part in sum.parts { add(context.input(part) + piece.start) }
        }
    }

    /// Adds up the copies, in the first one's place.
    private func addUp(_ first: UnsafeMutablePointer<Float>, stride: Int, count: Int) {
        var distance = 1
        while distance < shardCount {
            for index in Swift.stride(from: 0, to: shardCount - distance, by: 2 * distance) {
                ck_add(first + (index + distance) * stride, first + index * stride, count)
            }
            distance *= 2
        }
    }
}
