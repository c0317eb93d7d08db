extension Engine {
    /// The predictions for the samples of a dataset that fits: `[samples, …]` of the output's shape.
    ///
    /// - Parameter batchSize: how many samples run at once, at least 1.
    package func predict(_ data: any Dataset, batchSize: Int) throws -> Tensor {
        try Tensor(shape: network.outputShape.batched(data.count)) { destination in
            var start = 0
            try MemoryCheck.indices(0..<data.count).forEachBatch(of: batchSize) { samples in
                try batch.reserve(capacity: samples.count, targets: .none)
                try batch.take(samples, of: data, classCount: nil, weights: SampleWeights())
                defer { batch.release() }
                let plan = try plan(
                    for: Work(
                        batch: samples.count,
                        mode: .inference,
                        usesLoss: false,
                        needsSampleGradient: false
                    )
                )
                try execute(plan)
                let prediction = prediction(of: plan)
                _ = UnsafeMutableBufferPointer(rebasing: destination[start...]).update(
                    fromContentsOf: prediction
                )
                start += prediction.count
            }
        }
    }
}
