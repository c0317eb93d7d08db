extension Model {
    /// Loss and metrics over a dataset.
    ///
    /// - Parameters:
    ///   - data: the samples and their targets.
    ///   - batchSize: how many samples run at once; the figures do not depend on it, save by rounding.
    ///   - sampleWeight: how much each sample counts in the loss.
    /// - Throws: `ConvNetError` if the model is not compiled, the data does not fit it, or is empty.
    public func evaluate(
        _ data: any Dataset,
        batchSize: Int = 32,
        sampleWeight: [Float]? = nil
    ) throws -> MetricValues {
        try use.begin("evaluate")
        defer { use.end() }
        let feed = try feed(data, batchSize: batchSize, for: "evaluate")
        let weights = SampleWeights(samples: sampleWeight)
        try weights.validate(for: data)
        return try judge(feed, batchSize: batchSize, weights: weights)
    }

    /// Loss and metrics over samples `[samples, …]` and their targets, `Labels` or `Tensor`.
    public func evaluate(
        _ x: Tensor,
        _ y: some TargetArray,
        batchSize: Int = 32,
        sampleWeight: [Float]? = nil
    ) throws -> MetricValues {
        try evaluate(ArrayDataset(x, y), batchSize: batchSize, sampleWeight: sampleWeight)
    }

    /// The predictions for samples `[samples, …]`: `[samples, …]` of the output's shape.
    ///
    /// - Parameters:
    ///   - x: the samples.
    ///   - batchSize: how many samples run at once.
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite, or it has several outputs.
    public func predict(_ x: Tensor, batchSize: Int = 32) throws -> Tensor {
        try predict(ArrayDataset(.values(x), nil), batchSize: batchSize)
    }

    /// The predictions for the samples of a dataset: `[samples, …]` of the output's shape.
    ///
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite, or it has several outputs.
    public func predict(_ data: any Dataset, batchSize: Int = 32) throws -> Tensor {
        try graph.requireOneOutput(for: "predict")
        return try tensors(for: data, batchSize: batchSize, call: "predict")[0]
    }

    /// The predictions of every output for inputs `[samples, …]`, each by its name.
    ///
    /// - Parameters:
    ///   - inputs: by the names of inputs, `inputNames`.
    ///   - batchSize: how many samples run at once.
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite.
    public func predictions(
        for inputs: KeyValuePairs<String, Tensor>,
        batchSize: Int = 32
    ) throws -> [String: Tensor] {
        try predictions(for: TensorDataset(inputs: inputs), batchSize: batchSize)
    }

    /// The predictions of every output for the samples of a dataset, each by its name.
    ///
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite.
    public func predictions(for data: any Dataset, batchSize: Int = 32) throws -> [String: Tensor] {
        graph.named(try tensors(for: data, batchSize: batchSize, call: "predictions"))
    }

    private func tensors(for data: any Dataset, batchSize: Int, call: String) throws -> [Tensor] {
        try use.begin(call)
        defer { use.end() }
        if data.count == 0 { return try graph.noPredictions(for: data) }
        return try engine.predict(
            graph.feed(data, batchSize: batchSize, criteria: nil, for: call),
            batchSize: batchSize
        )
    }
}

extension Graph {
    /// - Throws: `ConvNetError` of kind `argument` if there are several outputs.
    func requireOneOutput(for call: String) throws {
        guard outputs.count == 1 else {
            throw ConvNetError(
                .argument,
                "The model has several outputs",
                at: call,
                expected: "1",
                received: "\(outputs.count): \(outputNames.joined(separator: ", "))",
                remedy: "Call predictions(for:), which returns each by its name"
            )
        }
    }

    /// The predictions for a dataset without samples.
    func noPredictions(for data: any Dataset) throws -> [Tensor] {
        let shapes = (try? sizes(of: data, for: "predict"))?.outputShapes ?? outputShapes
        return try shapes.map { try Tensor(zeros: $0.batched(0)) }
    }

    /// Predictions by the names of their outputs.
    func named(_ predictions: [Tensor]) -> [String: Tensor] {
        Dictionary(zip(outputNames, predictions)) { first, _ in first }
    }
}
