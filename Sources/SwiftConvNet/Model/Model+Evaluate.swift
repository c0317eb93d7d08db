extension Model {
    /// Loss and metrics over a dataset.
    ///
    /// - Parameters:
    ///   - data: the samples and their targets.
    ///   - batchSize: how many samples run at once; the figures do not depend on it, save by rounding.
    ///   - verbose: what is printed to standard error. Default: nothing, where Keras shows a bar.
    ///   - sampleWeight: how much each sample counts in the loss.
    ///   - steps: how many batches count, the first ones; all unless given.
    ///   - callbacks: what watches the evaluation: see `InferenceEvent`.
    /// - Throws: `ConvNetError` if the model is not compiled, the data does not fit it, or is empty; what a callback throws.
    public func evaluate(
        _ data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        sampleWeight: [Float]? = nil,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) throws -> MetricValues {
        try use.begin("evaluate")
        defer { use.end() }
        let feed = try feed(data, batchSize: batchSize, for: "evaluate")
        let weights = SampleWeights(samples: sampleWeight)
        try weights.validate(for: data)
        return try judge(
            feed,
            samples: try firstSamples(of: data, batchSize: batchSize, steps: steps),
            batchSize: batchSize,
            weights: weights,
            purpose: .evaluation,
            callbacks: callbacks + verbose.callbacks
        )
    }

    /// Loss and metrics over samples `[samples, …]` and their targets, `Labels` or `Tensor`.
    public func evaluate(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        sampleWeight: [Float]? = nil,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) throws -> MetricValues {
        try evaluate(
            ArrayDataset(x, y),
            batchSize: batchSize,
            verbose: verbose,
            sampleWeight: sampleWeight,
            steps: steps,
            callbacks: callbacks
        )
    }

    /// Loss and metrics of one batch, which changes nothing.
    ///
    /// - Parameters:
    ///   - x: the samples, `[samples, …]`.
    ///   - y: their targets, `Labels` or `Tensor`.
    ///   - sampleWeight: how much each sample counts in the loss.
    /// - Throws: as `evaluate`.
    public func testOnBatch(_ x: Tensor, _ y: some TargetArray, sampleWeight: [Float]? = nil) throws
        -> MetricValues
    {
        try evaluate(x, y, batchSize: max(x.shape.first ?? 1, 1), sampleWeight: sampleWeight)
    }

    /// The first samples of a dataset, as many as some steps take.
    func firstSamples(of data: any Dataset, batchSize: Int, steps: Int?) throws -> Range<Int> {
        try requireSteps(steps, as: "steps")
        guard let steps else { return 0..<data.count }
        let (count, overflow) = steps.multipliedReportingOverflow(by: max(batchSize, 1))
        return 0..<(overflow ? data.count : min(count, data.count))
    }
}
