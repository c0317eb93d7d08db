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

    /// One sample as a batch.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the network's first input does not take it.
    func batchOfOne(_ sample: Tensor) throws -> Tensor {
        guard inputShape(0, for: sample.shape) == nil else {
            return try sample.reshaped(to: sample.shape.batched(1))
        }
        let shape = inputShapes[0]
        let isBatch =
            !sample.shape.isEmpty && inputShape(0, for: Shape(Array(sample.shape.dropFirst()))) != nil
        throw ConvNetError(
            .shape,
            "The sample does not fit the model",
            at: "predictOne",
            expected: "one sample of shape \(shape)",
            received: "\(sample.shape)",
            remedy: isBatch
                ? "For a batch, call predict"
                : remedy(forSamples: sample.shape, count: 1, input: shape).map { _ in
                    "Bring the sample into the shape \(shape)"
                }
        )
    }
}

extension Tensor {
    /// The only sample of a batch.
    func withoutBatchAxis() throws -> Tensor { try reshaped(to: Shape(Array(shape.dropFirst()))) }
}
