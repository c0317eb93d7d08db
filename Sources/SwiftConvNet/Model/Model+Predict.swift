extension Model {
    /// The predictions for samples `[samples, …]`: `[samples, …]` of the output's shape.
    ///
    /// - Parameters:
    ///   - x: the samples. For one without the batch axis there is `predictOne`.
    ///   - batchSize: how many samples run at once.
    ///   - verbose: what is printed to standard error. Default: nothing, where Keras shows a bar.
    ///   - steps: how many batches are predicted, the first ones; all unless given.
    ///   - callbacks: what watches the prediction: see `InferenceEvent`.
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite, or it has several outputs; what a callback
    ///   throws.
    public func predict(
        _ x: Tensor,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) throws -> Tensor {
        try predict(
            ArrayDataset(.values(x), nil),
            batchSize: batchSize,
            verbose: verbose,
            steps: steps,
            callbacks: callbacks
        )
    }

    /// The predictions for the samples of a dataset: `[samples, …]` of the output's shape; as the form for a tensor.
    public func predict(
        _ data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) throws -> Tensor {
        try graph.requireOneOutput(for: "predict")
        return try tensors(
            for: data,
            batchSize: batchSize,
            steps: steps,
            callbacks: callbacks + verbose.callbacks,
            call: "predict"
        )[0]
    }

    /// The prediction for one sample, both without the batch axis.
    ///
    /// ```swift
    /// let image = try images[0..<1].reshaped(to: [28, 28, 1])  // [28, 28] is taken, too
    /// let probabilities = try model.predictOne(image)          // [10]
    /// ```
    ///
    /// - Parameter sample: of the shape `inputShape`; a channel axis of size 1 may be missing.
    /// - Throws: as `predict`.
    public func predictOne(_ sample: Tensor) throws -> Tensor {
        try predict(graph.batchOfOne(sample)).withoutBatchAxis()
    }

    /// The predictions for the samples of a dataset, batch by batch: what is predicted is never all in memory.
    ///
    /// ```swift
    /// try model.predict(data, batchSize: 64) { batch, samples in
    ///     print(samples, batch.argmaxOfLastAxis())  // the predictions for these samples of the dataset
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - data: the samples.
    ///   - batchSize: how many samples run at once.
    ///   - verbose: what is printed to standard error. Default: nothing.
    ///   - steps: how many batches are predicted, the first ones; all unless given.
    ///   - callbacks: what watches the prediction: see `InferenceEvent`.
    ///   - body: receives the predictions of a batch, `[samples, …]`, and the indices of its samples.
    /// - Throws: as the form that returns a tensor; what `body` throws.
    public func predict(
        _ data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = [],
        _ body: (_ batch: Tensor, _ samples: Range<Int>) throws -> Void
    ) throws {
        try graph.requireOneOutput(for: "predict")
        try predictBatches(
            of: data,
            batchSize: batchSize,
            steps: steps,
            callbacks: callbacks + verbose.callbacks,
            call: "predict"
        ) { try body($0[0], $1) }
    }

    /// The predictions for one batch of samples, `[samples, …]`.
    ///
    /// - Throws: as `predict`.
    public func predictOnBatch(_ x: Tensor) throws -> Tensor {
        try predict(x, batchSize: max(x.shape.first ?? 1, 1))
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

    /// The predictions of every output for the samples of a dataset, each by its name; other arguments as those of `predict`.
    ///
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite; what a callback throws.
    public func predictions(
        for data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = []
    ) throws -> [String: Tensor] {
        graph.named(
            try tensors(
                for: data,
                batchSize: batchSize,
                steps: steps,
                callbacks: callbacks + verbose.callbacks,
                call: "predictions"
            )
        )
    }

    /// The predictions of every output for the samples of a dataset, batch by batch; as `predict` with a closure.
    public func predictions(
        for data: any Dataset,
        batchSize: Int = 32,
        verbose: Verbosity = .silent,
        steps: Int? = nil,
        callbacks: [any Callback] = [],
        _ body: (_ batch: [String: Tensor], _ samples: Range<Int>) throws -> Void
    ) throws {
        try predictBatches(
            of: data,
            batchSize: batchSize,
            steps: steps,
            callbacks: callbacks + verbose.callbacks,
            call: "predictions"
        ) { try body(graph.named($0), $1) }
    }

    private func tensors(
        for data: any Dataset,
        batchSize: Int,
        steps: Int?,
        callbacks: [any Callback],
        call: String
    ) throws -> [Tensor] {
        try use.begin(call)
        defer { use.end() }
        if data.count == 0 { return try graph.noPredictions(for: data) }
        let feed = try graph.feed(data, batchSize: batchSize, criteria: nil, for: call)
        let samples = try firstSamples(of: data, batchSize: batchSize, steps: steps)
        var watch = InferenceWatch(
            .prediction,
            self,
            sampleCount: samples.count,
            batchSize: batchSize,
            callbacks: callbacks
        )
        try watch?.began()
        let tensors = try engine.predict(feed, count: samples.count, batchSize: batchSize) {
            try watch?.batchEnded($0, nil)
        }
        try watch?.ended(nil)
        return tensors
    }

    private func predictBatches(
        of data: any Dataset,
        batchSize: Int,
        steps: Int?,
        callbacks: [any Callback],
        call: String,
        _ body: ([Tensor], Range<Int>) throws -> Void
    ) throws {
        try use.begin(call)
        defer { use.end() }
        if data.count == 0 { return }
        let feed = try graph.feed(data, batchSize: batchSize, criteria: nil, for: call)
        let samples = try firstSamples(of: data, batchSize: batchSize, steps: steps)
        var watch = InferenceWatch(
            .prediction,
            self,
            sampleCount: samples.count,
            batchSize: batchSize,
            callbacks: callbacks
        )
        try watch?.began()
        try engine.predictBatches(feed, count: samples.count, batchSize: batchSize) { samples, prediction in
            let tensors = try feed.outputShapes.indices.map { output in
                try Tensor(shape: feed.outputShapes[output].batched(samples.count)) {
                    _ = $0.update(fromContentsOf: prediction(output))
                }
            }
            try body(tensors, samples)
            try watch?.batchEnded(samples.count, nil)
        }
        try watch?.ended(nil)
    }
}
