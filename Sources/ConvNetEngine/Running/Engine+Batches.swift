extension Engine {
    /// Calls `body` with the batches of some samples in order, which are read ahead if their dataset asks for that.
    ///
    /// - Parameters:
    ///   - order: the samples.
    ///   - reading: what they are read for.
    ///   - batchSize: how many make a batch, at least 1; the last one may be smaller.
    ///   - body: receives a batch, and what reads ahead, for `BatchBuffers.take`.
    package func forEachBatch(
        _ order: [Int],
        of feed: Feed,
        in reading: Reading,
        batchSize: Int,
        _ body: (_ samples: UnsafeBufferPointer<Int>, _ ahead: ReadAhead?) throws -> Void
    ) throws {
        try order.withUnsafeBufferPointer { order in
            try readingAhead(order, of: feed, in: reading, batchSize: batchSize) { ahead in
                for start in stride(from: 0, to: order.count, by: batchSize) {
                    let batch = order[start..<min(start + batchSize, order.count)]
                    try body(UnsafeBufferPointer(rebasing: batch), ahead)
                }
            }
        }
    }

    /// Calls `body` while samples are read ahead for it, by as many threads as compute.
    package func readingAhead<Result>(
        _ order: UnsafeBufferPointer<Int>,
        of feed: Feed,
        in reading: Reading,
        batchSize: Int,
        _ body: (ReadAhead?) throws -> Result
    ) throws -> Result {
        try ReadAhead.of(
            feed,
            order,
            in: reading,
            batchSize: batchSize,
            threads: plannedWorkerCount(),
            body
        )
    }
}
