extension Loss {
    /// The loss of predictions, without a model: the mean over the samples, as `Model.evaluate` reports it.
    ///
    /// ```swift
    /// let loss = try MeanSquaredError()(try Tensor([1, 2, 3], shape: [3, 1]), try Tensor([1, 2, 5], shape: [3, 1]))  // 4 / 3
    /// ```
    ///
    /// - Parameters:
    ///   - targets: `Labels`, or a `Tensor` `[samples, …]`: Keras' `y_true`.
    ///   - predictions: `[samples, …]`: Keras' `y_pred`. A loss that starts before an activation takes what the activation
    ///     makes.
    /// - Throws: `ConvNetError` if the loss cannot compare such predictions with such targets, or a number is not finite.
    public func callAsFunction(_ targets: some TargetArray, _ predictions: Tensor) throws -> Double {
        try model(of: predictions).evaluate(predictions, targets).loss ?? 0
    }

    /// The gradient of the loss with respect to the predictions, `[samples, …]` as they are.
    ///
    /// - Parameters:
    ///   - targets: `Labels`, or a `Tensor` `[samples, …]`.
    ///   - predictions: `[samples, …]`.
    /// - Throws: as `callAsFunction`.
    public func gradient(_ targets: some TargetArray, _ predictions: Tensor) throws -> Tensor {
        let gradients = try model(of: predictions).gradients(predictions, targets, includingSamples: true)
        return gradients.inputs.first?.value ?? predictions
    }

    /// A model whose predictions are its samples.
    private func model(of predictions: Tensor) throws -> Model {
        let sample = Shape(Array(predictions.shape.dropFirst()))
        // One thread: there is too little to compute for threads to be started.
        let model = try Sequential(
            inputShape: sample,
            layers: [Activation(.linear)],
            options: ComputeOptions(threads: 1)
        )
        try model.compile(optimizer: .sgd(), loss: self)
        return model
    }
}
