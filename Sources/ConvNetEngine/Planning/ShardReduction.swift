import CKernels

/// Adds up the shards' gradients in a fixed tree, ((0 + 1) + (2 + 3)) + …, in pieces that workers share.
struct ShardReduction {
    private struct Piece {
        /// Bytes, in the arena: where shard 0's piece begins, and from one shard's to the next's.
        let offset: Int, stride: Int
        /// Elements, in the gradients.
        let destination: Int
        package let count: Int
    }

    /// Elements in one piece: what fits the first-level cache for a few shards at once.
    private static let pieceCount = 2048

    private let pieces: [Piece]
    private let shardCount: Int

    /// `nil` if there is nothing to add up.
    init?(_ gradients: [Int: Location], shardCount: Int, store: ParameterStore) {
        guard !gradients.isEmpty else { return nil }
        self.shardCount = shardCount
        pieces = gradients.sorted { $0.key < $1.key }.flatMap { parameter, location in
            let entry = store.entries[parameter]
            return stride(from: 0, to: entry.count, by: Self.pieceCount).map { start in
                Piece(
                    offset: location.offset + start * 4, stride: location.stride,
                    destination: entry.offset + start,
                    count: min(Self.pieceCount, entry.count - start))
            }
        }
    }

    var taskCount: Int { pieces.count }

    var stage: Stage {
        Stage(.tasks(taskCount)) { context in
            let piece = pieces[context.task]
            let memory = context.memory.pointee
            func shard(_ index: Int) -> UnsafeMutablePointer<Float> {
                (memory.arena + piece.offset + index * piece.stride).assumingMemoryBound(to: Float.self)
            }
            var distance = 1
            while distance < shardCount {
                for index in stride(from: 0, to: shardCount - distance, by: 2 * distance) {
                    ck_add(shard(index + distance), shard(index), piece.count)
                }
                distance *= 2
            }
            (memory.gradients + piece.destination).update(from: shard(0), count: piece.count)
        }
    }
}
