extension Engine {
    /// The predictions of each output for the samples of a dataset that fits: `[samples, …]` of the output's shape.
    ///
    /// - Parameter batchSize: how many samples run at once, at least 1.
    package func predict(_ feed: Feed, batchSize: Int) throws -> [Tensor] {
        let count = feed.dataset.count
        var rest = feed.outputShapes[...]
        var destinations: [UnsafeMutableBufferPointer<Float>] = []
        /// Tensors are filled while they are made, so each is made within the one before.
        func tensors() throws -> [Tensor] {
            guard let shape = rest.popFirst() else {
                try fill(destinations, feed, batchSize: batchSize)
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

    private func fill(
        _ destinations: [UnsafeMutableBufferPointer<Float>],
        _ feed: Feed,
        batchSize: Int
    ) throws {
        var start = 0
        try MemoryCheck.indices(0..<feed.dataset.count).forEachBatch(of: batchSize) { samples in
            try Cancellation.current?.check()
            try batch.reserve(capacity: samples.count, for: feed, termCount: 0)
            batch.take(samples, of: feed, weights: SampleWeights())
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
            for (output, destination) in destinations.enumerated() {
                let prediction = prediction(of: plan, output: output)
                let stride = feed.outputShapes[output].elementCount
                _ = UnsafeMutableBufferPointer(rebasing: destination[(start * stride)...])
                    .update(fromContentsOf: prediction)
            }
            start += samples.count
        }
    }
}
