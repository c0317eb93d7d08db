/// Memory that a plan needs for some time: what holds it, and from which to which stage.
struct PlannedBuffer {
    /// Bytes for each sample; or for the whole batch, if `isBatchWide`.
    let byteCount: Int
    let isBatchWide: Bool
    /// Whether it must stay readable after the plan has run, or be there before.
    var isPinned = false
    /// The first and the last stage that touch it.
    var first = Int.max
    var last = -1

    init(perSample byteCount: Int, isPinned: Bool = false) {
        self.byteCount = byteCount
        self.isPinned = isPinned
        isBatchWide = false
    }

    init(perBatch byteCount: Int) {
        self.byteCount = byteCount
        isBatchWide = true
    }

    mutating func use(at stage: Int) {
        first = min(first, stage)
        last = max(last, stage)
    }
}

/// Lays out blocks in one stretch of memory so that blocks in use at the same time never overlap: the largest
/// first, each at the lowest place that is free for as long as it lives.
package struct MemoryLayoutPlanner {
    private struct Block {
        let offset: Int, size: Int, first: Int, last: Int
    }

    private var placed: [Block] = []
    /// The bytes needed so far.
    package private(set) var byteCount = 0

    package init() {}

    /// Places one block that lives from stage `first` to stage `last`, both included.
    private mutating func place(size: Int, first: Int, last: Int) -> Int {
        var offset = 0
        for block in placed where block.first <= last && first <= block.last {
            if offset + size <= block.offset { break }
            offset = max(offset, block.offset + block.size)
        }
        let index = placed.firstIndex { $0.offset > offset } ?? placed.count
        placed.insert(Block(offset: offset, size: size, first: first, last: last), at: index)
        byteCount = max(byteCount, offset + size)
        return offset
    }

    /// The offset of each block, in the order given.
    package mutating func place(_ blocks: [(size: Int, first: Int, last: Int)]) -> [Int] {
        var offsets = [Int](repeating: 0, count: blocks.count)
        let order = blocks.indices.sorted { (blocks[$0].size, $1) > (blocks[$1].size, $0) }
        for index in order {
            let block = blocks[index]
            offsets[index] = place(
                size: AlignedBuffer.rounded(block.size),
                first: block.first,
                last: block.last
            )
        }
        return offsets
    }
}
