extension Engine {
    /// The predictions of each output for the first samples of a dataset that fits: `[samples, …]` of the output's shape.
    ///
    /// - Parameters:
    ///   - count: the number of samples; `nil` for all.
    ///   - batchSize: how many samples run at once, at least 1.
    ///   - batchEnded: called after each batch with the number of its samples.
    package func predict(
        _ feed: Feed,
        count: Int? = nil,
        batchSize: Int,
        batchEnded: (Int) throws -> Void = { _ in }
    ) throws -> [Tensor] {
        let count = count ?? feed.dataset.count
        var rest = feed.outputShapes[...]
        var destinations: [UnsafeMutableBufferPointer<Float>] = []
        /// Tensors are filled while they are made, so each is made within the one before.
        func tensors() throws -> [Tensor] {
            guard let shape = rest.popFirst() else {
                try predictBatches(feed, count: count, batchSize: batchSize) { samples, prediction in
                    for (output, destination) in destinations.enumerated() {
                        let stride = feed.outputShapes[output].elementCount
                        let part = destination[(samples.lowerBound * stride)...]
                        _ = UnsafeMutableBufferPointer(rebasing: part).update(
                            fromContentsOf: prediction(output)
                        )
                    }
                    try batchEnded(samples.count)
                }
                return []
            }
            var others: [Tensor] = []
            let first = try Tensor(shape: shape.batched(count)) {
                destinations.append($0)
                others = try tensors()
            }
            return [first] + others
        }
        return try tensors()
    }

    /// Predicts batch by batch.
    ///
    /// - Parameters:
    ///   - count: the number of samples, the first ones of the dataset.
    ///   - batchSize: how many of them run at once, at least 1.
    ///   - body: receives the samples of a batch, and the predictions of each output, which last until it returns or the engine
    ///     computes something else.
    package func predictBatches(
        _ feed: Feed,
        count: Int,
        batchSize: Int,
        _ body: (_ samples: Range<Int>, _ prediction: (Int) -> UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
        var start = 0
        let reading = Reading(seed: seed, epoch: 0, isTraining: false)
        try forEachBatch(MemoryCheck.indices(0..<count), of: feed, in: reading, batchSize: batchSize) {
            samples,
            ahead in
            try Cancellation.current?.check()
            let plan = try execute(samples, of: feed, in: reading, ahead: ahead)
            try body(start..<(start + samples.count)) { prediction(of: plan, output: $0) }
            start += samples.count
        }
    }

    /// Computes the predictions for some samples. The dataset is let go of before anybody looks at them, so that they may ask the
    /// model again.
    private func execute(
        _ samples: UnsafeBufferPointer<Int>,
        of feed: Feed,
        in reading: Reading,
        ahead: ReadAhead?
    ) throws -> Plan {
        try batch.reserve(capacity: samples.count, for: feed, termCount: 0)
        batch.take(samples, of: feed, weights: SampleWeights(), in: reading, ahead: ahead)
        defer { batch.release() }
        let plan = try plan(
            for: Work(
                batch: samples.count,
                inputShapes: feed.inputShapes,
                mode: .inference,
                usesLoss: false,
                needsSampleGradient: false
            )
        )
        try execute(plan)
        return plan
    }
}
