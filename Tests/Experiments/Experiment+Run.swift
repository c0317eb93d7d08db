import SwiftConvNet

extension Experiment {
    /// Trains, evaluates and predicts; computes the gradients of another model, so that they depend on no training.
    ///
    /// - Parameter threads: the number of workers; `nil` for the library's choice. No bit depends on it.
    public func run(threads: Int?) throws -> Bits {
        var bits = Bits()
        let model = try model(threads: threads)
        try train(model, &bits)
        bits.history.append(
            .init(
                "evaluation",
                try model.evaluate(data, batchSize: max(batchSize / 2, 1), sampleWeight: sampleWeight)
            )
        )
        bits.weights = model.parameters.map { .init($0.name, $0.values) }
        try predict(model, threads: threads, &bits)
        try differentiate(threads: threads, &bits)
        return bits
    }

    private func train(_ model: Model, _ bits: inout Bits) throws {
        let history = try model.fit(
            data,
            batchSize: batchSize,
            epochs: epochs,
            verbose: .silent,
            callbacks: halvesRate ? [LearningRateScheduler { $1 / 2 }] : [],
            validationSplit: validationSplit,
            validationData: validationData,
            shuffle: Shuffle(shuffles),
            classWeight: classWeight,
            sampleWeight: sampleWeight
        )
        for record in history.epochs {
            bits.history.append(
                .init(
                    "epoch \(record.epoch)",
                    record.values,
                    [("learning rate", Double(record.learningRate))]
                )
            )
        }
        for step in furtherSteps {
            let batch = try firstBatch()
            switch step {
            case .trainOnBatch:
                let metrics = try model.trainOnBatch(
                    batch.x,
                    batch.y,
                    sampleWeight: batch.weights,
                    classWeight: classWeight
                )
                bits.history.append(.init("trainOnBatch", metrics))
            case .applyGradients:
                let gradients = try model.gradients(batch.x, batch.y, sampleWeight: batch.weights)
                try model.apply(gradients)
                bits.history.append(.init("gradients", [("loss", gradients.loss)]))
            }
        }
    }

    private func predict(_ model: Model, threads: Int?, _ bits: inout Bits) throws {
        let images = try data.images
        let few = try images.sliced(0..<min(data.count, 40))
        let predictor = try model.predictor()
        let copy = try self.model(threads: threads)
        try copy.setWeights(model.parameters.map(\.values))
        bits.predictions += [
            .init("dataset", try model.predict(data, batchSize: batchSize)),
            .init("batches of one", try model.predict(few, batchSize: 1)),
            .init("predictor", try predictor.predict(images, batchSize: batchSize + 1)),
            .init("predictor, batches of one", try predictor.predict(few, batchSize: 1)),
            .init("copy", try copy.predict(few, batchSize: batchSize)),
        ]
    }

    private func differentiate(threads: Int?, _ bits: inout Bits) throws {
        let batch = try firstBatch()
        let gradients = try model(threads: threads).gradients(
            batch.x,
            batch.y,
            sampleWeight: batch.weights,
            includingSamples: needsSampleGradient
        )
        bits.gradients = [.init("loss", [("loss", gradients.loss)])]
        bits.gradients += gradients.parameters.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
        if let samples = gradients.samples { bits.gradients.append(.init("samples", samples)) }
    }

    private func firstBatch() throws -> (x: Tensor, y: any TargetArray, weights: [Float]?) {
        let range = 0..<min(batchSize, data.count)
        let y: any TargetArray =
            switch data.targets {
            case .labels(let labels): Labels(Array(labels.values[range]))
            case .values(let tensor): try tensor.sliced(range)
            case nil: Labels([])
            }
        return (try data.images.sliced(range), y, sampleWeight.map { Array($0[range]) })
    }
}
