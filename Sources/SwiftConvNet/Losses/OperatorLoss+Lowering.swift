extension OperatorLoss {
    /// Checks that the operators take such predictions and targets, and make loss values of each sample.
    ///
    /// - Throws: `ConvNetError` of kind `data` if there are no targets, of kind `shape` if what comes of them is the same for all
    ///   samples, of kind `argument` if the loss asks for a parameter; what operators throw.
    public func validate(output: Shape, targets: TargetKind) throws {
        // Any number of samples: no shape depends on it.
        var lowering = Lowering(batch: 2, mode: .training)
        let prediction = lowering.input(output, node: 0, path: "prediction")
        _ = try lowering.lower(self, output: 0, prediction: prediction, targets: targets)
    }

    /// The loss of one sample by a model that is made for the call. Models that are compiled with the loss have its operators among
    /// their own.
    public func evaluate(_ sample: LossSample) -> Float {
        do {
            let prediction = try Tensor(Array(sample.prediction), shape: sample.shape.batched(1))
            if sample.target.isEmpty {
                return try store(Labels([Int32(sample.label)]), prediction, in: sample)
            }
            let target = try Tensor(Array(sample.target), shape: Shape([1, sample.target.count]))
            let shapes = [sample.shape, Shape(Array(sample.shape.dropLast()))]
            let shape = shapes.first { $0.elementCount == sample.target.count } ?? [sample.target.count]
            return try store(target.reshaped(to: shape.batched(1)), prediction, in: sample)
        } catch { return .nan }
    }

    /// The loss of one sample; stores its gradient.
    private func store(_ target: some TargetArray, _ prediction: Tensor, in sample: LossSample) throws
        -> Float
    {
        // Whatever the reduction, the loss of a sample is the mean of its values.
        let mean = LambdaLoss(name: name) { try lower(target: $0, prediction: $1, in: &$2) }
        if let gradient = sample.gradient {
            let own = try mean.gradient(target, prediction)
            for (place, value) in own.elements.enumerated() { gradient[place] = sample.scale * value }
        }
        return Float(try mean(target, prediction))
    }

    /// The loss values of all samples, as the operators make them.
    func madeValues(_ targets: Targets, _ predictions: Tensor) throws -> Tensor {
        let network = try LossNetwork(self, output: predictions.sampleShape, targets: targets.kind)
        return try network.values(targets, predictions)
    }
}

extension Loss {
    /// Targets that the loss takes, where there are no data at hand.
    ///
    /// - Throws: what `validate` throws for values of the output's shape, if it takes none.
    func acceptedTargets(for output: Shape) throws -> TargetKind {
        let places = Array(output.dropLast())
        let values = [output, Shape(places), Shape(places + [1])].map(TargetKind.values)
        // Operators take a class wherever they take a number.
        let kinds = self is any OperatorLoss ? values + [.labels] : [.labels] + values
        if let kind = kinds.first(where: { (try? validate(output: output, targets: $0)) != nil }) {
            return kind
        }
        try validate(output: output, targets: .values(output))
        return .none
    }
}

extension Lowering {
    /// Lowers a loss that is made of operators.
    ///
    /// - Parameters:
    ///   - loss: the loss.
    ///   - output: the index of the output whose targets it reads.
    ///   - prediction: that output.
    ///   - targets: what it is compared with.
    /// - Returns: one value for each sample, and the number of loss values of which it is the mean.
    /// - Throws: `ConvNetError` located at the loss.
    mutating func lower(
        _ loss: some OperatorLoss,
        output: Int,
        prediction: Value,
        targets: TargetKind
    ) throws -> (value: Value, count: Int) {
        beginLoss(path: "the loss \(loss.name)")
        do {
            let own = try Shape.ofTargets(targets)
            let target = try view(target(of: output, own), as: own.aligned(asTargetsOf: prediction.shape))
            let values = try loss.lower(target: target, prediction: prediction, in: &self)
            let count = values.shape.elementCount
            guard values.type.isBatched, values.type.element == .float32 else {
                throw ConvNetError(
                    .shape,
                    "A loss has values for each sample",
                    expected: "a tensor for each sample",
                    received: "\(values.shape), the same for all samples",
                    remedy: "Compute it from the prediction; after foldBatch call unfoldBatch"
                )
            }
            return (try count == 1 ? view(values, as: []) : mean(values), count)
        } catch let error as ConvNetError {
            throw error.located(at: "the loss \(loss.name)")
        }
    }
}

extension Shape {
    /// The shape of the targets of a sample.
    ///
    /// - Throws: `ConvNetError` of kind `data` if there are none.
    static func ofTargets(_ targets: TargetKind) throws -> Shape {
        switch targets {
        case .labels: return []
        case .values(let shape): return shape
        case .none:
            throw ConvNetError(
                .data,
                "A loss needs targets",
                at: "targets",
                expected: "Labels, or a Tensor",
                received: "no targets"
            )
        }
    }

    /// The shape of a prediction, if these targets have the same numbers and differ in an axis of size 1 at the end, as Keras adds and
    /// removes one; else the shape itself.
    func aligned(asTargetsOf prediction: Shape) -> Shape {
        let own = dimensions, other = prediction.dimensions
        return own + [1] == other || own == other + [1] ? prediction : self
    }
}
