/// A network whose inputs are targets and predictions, and whose output are the values of a loss that is made of operators.
struct LossNetwork {
    let model: Model

    /// - Throws: what the loss throws for such shapes.
    init(_ loss: any OperatorLoss, output: Shape, targets: TargetKind, isReduced: Bool = false) throws {
        let shape = try Shape.ofTargets(targets)
        // An input has an axis at least.
        let target = Input(shape: shape.rank == 0 ? [1] : shape, name: "target")
        let prediction = Input(shape: output, name: "prediction")
        let layer = Lambda(inputCount: 2, name: loss.name) { inputs, ops in
            let aligned = shape.aligned(asTargetsOf: output)
            let target = try ops.view(inputs[0], as: aligned)
            let values = try loss.lower(target: target, prediction: inputs[1], in: &ops)
            return isReduced && values.shape.rank > 0 ? try ops.mean(values) : values
        }
        // One thread: there is too little to compute for threads to be started.
        model = try Model(
            inputs: [target, prediction],
            outputs: [layer(target, prediction)],
            options: ComputeOptions(threads: 1)
        )
    }

    /// The loss values of samples.
    ///
    /// - Throws: `ConvNetError` if there is not a target for each prediction.
    func values(_ targets: Targets, _ predictions: Tensor) throws -> Tensor {
        let target: Tensor =
            switch targets {
            case .labels(let labels):
                try Tensor(labels.values.map { Float($0) }, shape: [labels.values.count, 1])
            case .values(let values): values
            }
        return try model.predict(
            TensorDataset([
                ("target", .input, .values(target)), ("prediction", .input, .values(predictions)),
            ])
        )
    }
}
