extension Model {
    /// Loss and metrics over a dataset.
    ///
    /// - Parameters:
    ///   - data: the samples and their targets.
    ///   - batchSize: how many samples run at once; the figures do not depend on it, save by rounding.
    ///   - sampleWeight: how much each sample counts in the loss.
    /// - Throws: `ConvNetError` if the model is not compiled, the data does not fit it, or is empty.
    public func evaluate(
        _ data: any Dataset, batchSize: Int = 32, sampleWeight: [Float]? = nil
    ) throws -> MetricValues {
        try use.begin("evaluate")
        defer { use.end() }
        try check(data, batchSize: batchSize, loss: compiled(for: "evaluate").loss, for: "evaluate")
        let weights = SampleWeights(samples: sampleWeight)
        try weights.validate(for: data)
        return try judge(data, batchSize: batchSize, weights: weights)
    }

    /// Loss and metrics over samples `[samples, …]` and their targets, `Labels` or `Tensor`.
    public func evaluate(
        _ x: Tensor, _ y: some TargetArray, batchSize: Int = 32, sampleWeight: [Float]? = nil
    ) throws -> MetricValues {
        try evaluate(ArrayDataset(x, y), batchSize: batchSize, sampleWeight: sampleWeight)
    }

    /// The predictions for samples `[samples, …]`: `[samples, …]` of the output's shape.
    ///
    /// - Parameters:
    ///   - x: the samples.
    ///   - batchSize: how many samples run at once.
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite.
    public func predict(_ x: Tensor, batchSize: Int = 32) throws -> Tensor {
        try predict(ArrayDataset(.values(x), nil), batchSize: batchSize)
    }

    /// The predictions for the samples of a dataset: `[samples, …]` of the output's shape.
    public func predict(_ data: any Dataset, batchSize: Int = 32) throws -> Tensor {
        try use.begin("predict")
        defer { use.end() }
        if data.count == 0 { return try Tensor(zeros: outputShape.batched(0)) }
        try graph.check(data, batchSize: batchSize, for: "predict")
        return try engine.predict(data, batchSize: batchSize)
    }
}
