import CKernels

/// Parts that lie side by side in a whole: of each run of the whole, every part has some neighbours.
struct JoinedRuns: Sendable {
    /// Runs of a sample: the product of the sizes before the axis along which the parts are joined.
    let count: Int
    /// Elements of a run in each part, and in the whole.
    let lengths: [Int], stride: Int

    init(of parts: [Shape], axis: Int) {
        count = parts[0].prefix(axis).reduce(1, *)
        lengths = parts.map { $0.dropFirst(axis).reduce(1, *) }
        stride = lengths.reduce(0, +)
    }

    /// Some runs that follow each other in a part: where they begin there, and in the whole.
    struct Block {
        /// The index of the part, and the number of the first run.
        let part: Int, first: Int
        let runs: Int, length: Int, offset: Int, stride: Int

        /// Copies from the part to its place in the whole.
        func join(_ part: UnsafePointer<Float>, into whole: UnsafeMutablePointer<Float>) {
            ck_copy_runs(part + first * length, length, whole + offset, stride, runs, length)
        }

        /// Copies from the whole to the part.
        func take(from whole: UnsafePointer<Float>, into part: UnsafeMutablePointer<Float>) {
            ck_copy_runs(whole + offset, stride, part + first * length, length, runs, length)
        }
    }

    /// Runs that are gone through at once: then what all parts make up together is written, or read, while it is in the cache.
    private static let runsPerBlock = 32

    /// Calls `body` for blocks of all runs of some samples, part after part.
    func forEachBlock(samples: Int, _ body: (Block) -> Void) { forEachBlock(of: 0..<(samples * count), body) }

    /// Calls `body` for blocks of some runs, which are counted from the first sample on, part after part.
    func forEachBlock(of runs: Range<Int>, _ body: (Block) -> Void) {
        for first in Swift.stride(from: runs.lowerBound, to: runs.upperBound, by: Self.runsPerBlock) {
            var offset = first * stride
            for (part, length) in lengths.enumerated() {
                body(
                    Block(
                        part: part,
                        first: first,
                        runs: min(Self.runsPerBlock, runs.upperBound - first),
                        length: length,
                        offset: offset,
                        stride: stride
                    )
                )
                offset += length
            }
        }
    }
}
