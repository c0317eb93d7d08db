/// Puts the averages of the parameters in their place while the model is validated, and the parameters back afterwards: so `val_loss`
/// is that of the averages, which training otherwise shows only at its end.
///
/// The model has averages if it was compiled with `UpdateRule(averageMomentum:)`. With `swapsOnEpoch` the averages stay in place from the end of
/// an epoch to the beginning of the next, so that callbacks that come later in the list, `ModelCheckpoint` above all, save them. Keras'
/// `SwapEMAWeights`.
///
/// ```swift
/// try model.compile(optimizer: .adam(), loss: .mse(), update: UpdateRule(averageMomentum: 0.999))
/// try model.fit(data, callbacks: [SwapEMAWeights(swapsOnEpoch: true), ModelCheckpoint("best.safetensors")])
/// ```
public final class SwapEMAWeights: Callback {
    public var receivesBatches: Bool { false }
    public var receivesInference: Bool { true }

    private let swapsOnEpoch: Bool

    /// A callback that exchanges parameters and their averages.
    ///
    /// - Parameter swapsOnEpoch: whether the averages stay from the end of an epoch to the beginning of the next. Default `false`: they are
    ///   there for the validation alone.
    public init(swapsOnEpoch: Bool = false) { self.swapsOnEpoch = swapsOnEpoch }

    /// - Throws: `ConvNetError` of kind `state` before the first step if the model has no averages.
    public func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        switch event {
        case .trainingBegan:
            guard session.model.compilation?.optimizer.rule.averageMomentum != nil else {
                throw ConvNetError(
                    .state,
                    "The model has no averages of its parameters",
                    at: "SwapEMAWeights",
                    remedy: "Compile it with update: UpdateRule(averageMomentum: 0.99)"
                )
            }
        case .epochBegan, .trainingEnded: try show(false, in: session.model)
        case .epochEnded: try show(swapsOnEpoch, in: session.model)
        case .batchEnded: break
        }
    }

    public func receive(_ event: InferenceEvent, by model: Model) throws {
        switch event {
        case .began: try show(true, in: model)
        case .ended: try show(false, in: model)
        case .batchEnded: break
        }
    }

    private func show(_ averages: Bool, in model: Model) throws {
        try model.compiled(for: "SwapEMAWeights").optimizer.showAverages(averages)
    }
}
