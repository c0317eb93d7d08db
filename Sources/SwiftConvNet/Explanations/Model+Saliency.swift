extension Model {
    /// Which values of a sample a class hangs on: the gradient of the class's score by the sample.
    ///
    /// ```swift
    /// let gradient = try model.saliency(of: picture, class: 3)  // of the picture's shape
    /// ```
    ///
    /// The score is the logit, what enters the softmax or the sigmoid at the end of the model, for probabilities near 0 and 1 have hardly a
    /// gradient; a model without one has its prediction as the score. If predictions are maps `[…, classes]` it is the sum over their
    /// places; of a single output it is the output for class 1, and its negative for class 0. Layers behave as in inference: nothing is
    /// dropped, and normalisations use their moving statistics. A `SampleLayer` that asks `isTraining` is told that it trains.
    ///
    /// Source: Simonyan and others, Deep inside convolutional networks, 2014. They show the largest absolute value over the channels,
    /// as `HeatMap` of `ConvNetReports` does.
    ///
    /// - Parameters:
    ///   - sample: of the shape `inputShape`, without the batch axis.
    ///   - class: the class; unless given, the one that the model predicts.
    /// - Returns: a tensor of the shape `inputShape`.
    /// - Throws: `ConvNetError` of kind `argument` if the model has several inputs or outputs, or no such class; of kind `shape` if the
    ///   sample does not fit; if a layer has no backward pass.
    public func saliency(of sample: Tensor, class index: Int? = nil) throws -> Tensor {
        let batch = try graph.batchOfOne(sample)
        let classes = try index.map { [$0] } ?? predictedClasses(of: batch, for: "saliency")
        return try saliency(ofBatch: batch, classes: classes).withoutBatchAxis()
    }

    /// The gradients of classes' scores by samples; as the form for one sample.
    ///
    /// - Parameters:
    ///   - samples: `[samples, …]`.
    ///   - classes: a class for each sample; unless given, those that the model predicts.
    /// - Returns: a tensor of the samples' shape.
    /// - Throws: as for one sample; of kind `argument` if there is another number of classes.
    public func saliency(ofBatch samples: Tensor, classes: [Int]? = nil) throws -> Tensor {
        try requireOneInput(for: "saliency")
        let samples = try graph.batch(samples, for: "saliency")
        let classes = try classes ?? predictedClasses(of: samples, for: "saliency")
        try requireClasses(classes, for: samples, call: "saliency")
        return try ScoreNetwork(of: self, for: "saliency")
            .gradients(inputs: [samples], classes: classes, for: "saliency")
    }

    func requireOneInput(for call: String) throws {
        guard graph.inputs.count == 1 else {
            throw ConvNetError(
                .argument,
                "An explanation is for a model with one input",
                at: call,
                expected: "1",
                received: "\(graph.inputs.count): \(inputNames.joined(separator: ", "))"
            )
        }
    }

    /// Checks that there is a class for each sample.
    func requireClasses(_ classes: [Int], for samples: Tensor, call: String) throws {
        guard classes.count == samples.shape[0], !classes.isEmpty else {
            throw ConvNetError(
                .argument,
                "An explanation needs samples, and a class for each",
                at: call,
                expected: "at least 1, and \(samples.shape[0]) classes",
                received: "\(classes.count)"
            )
        }
    }

    /// The class that the model predicts for each sample: of a map the one with the largest sum over all places.
    func predictedClasses(of samples: Tensor, for call: String) throws -> [Int] {
        try graph.requireOneOutput(for: call)
        let predictions = try predict(samples)
        let count = max(outputShape.last ?? 1, 1), size = outputShape.elementCount
        let elements = predictions.elements
        return stride(from: 0, to: elements.count, by: max(size, 1)).map { start in
            var sums = [Float](repeating: 0, count: count)
            for place in 0..<size { sums[place % count] += elements[start + place] }
            // Of a single output, which tells two classes by its probability.
            if count == 1 { return sums[0] >= 0.5 * Float(size) ? 1 : 0 }
            return sums.indices.max { sums[$0] < sums[$1] } ?? 0
        }
    }
}

extension Graph {
    /// Samples as the first input takes them: a channel axis of size 1 may be missing.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if they do not fit.
    func batch(_ samples: Tensor, for call: String) throws -> Tensor {
        let sample = Shape(Array(samples.shape.dropFirst()))
        guard samples.shape.rank > 0, let shape = inputShape(0, for: sample) else {
            throw ConvNetError(
                .shape,
                "The samples do not fit the model",
                at: call,
                expected: "[samples, ...] of \(inputShapes[0])",
                received: "\(samples.shape)"
            )
        }
        return try samples.reshaped(to: shape.batched(samples.shape[0]))
    }
}
