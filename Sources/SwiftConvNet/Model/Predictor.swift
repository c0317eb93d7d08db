/// A model as it was at one moment, for predictions and nothing else: immutable, and called by many tasks at once.
///
/// ```swift
/// let predictor = try Model.load(from: "mnist.safetensors").predictor()
/// await withTaskGroup { group in
///     for request in requests { group.addTask { answer(request, try? await predictor.predict(request.image)) } }
/// }
/// ```
///
/// A call takes all workers if no other call has them, and else computes on one thread. Both give the same bits, those of
/// `Model.predict`. As many calls compute at once, in the whole process, as there are processors, twice; more wait in
/// order, so that memory does not grow with the number of callers. Training the model further does not change its
/// predictors.
public final class Predictor: Sendable {
    /// The name of the model.
    public let name: String
    /// The shape of one sample, without the batch axis.
    public var inputShape: Shape { graph.inputShape }
    /// The shape of one prediction, without the batch axis.
    public var outputShape: Shape { graph.outputShape }

    private let graph: Graph
    private let engines: EnginePool

    /// A copy of what a model is now.
    fileprivate init(_ model: Model) throws {
        name = model.name
        graph = model.graph
        engines = try EnginePool(
            model.graph.network,
            parameters: try ParameterStore(copying: model.store),
            options: model.options,
            seed: model.seed
        )
    }

    /// The number of engines of one worker that are kept for calls beside the first.
    package var idleEngineCount: Int { engines.idleCount }

    /// The predictions for samples `[samples, …]`: `[samples, …]` of the output's shape.
    ///
    /// - Parameters:
    ///   - x: the samples.
    ///   - batchSize: how many samples run at once; results depend on it only by rounding.
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite.
    public func predict(_ x: Tensor, batchSize: Int = 32) throws -> Tensor {
        let data = try ArrayDataset(.values(x), nil)
        if data.count == 0 { return try Tensor(zeros: outputShape.batched(0)) }
        try graph.check(data, batchSize: batchSize, for: "predict")
        return try ComputeTurn.take { try compute(data, batchSize: batchSize) }
    }

    /// The same for tasks: the task is suspended while it waits and while the predictions are computed, on a thread that
    /// is not one of those that run Swift's tasks.
    ///
    /// - Throws: as the other form; `CancellationError` if the task is cancelled before the predictions are begun.
    public func predict(_ x: Tensor, batchSize: Int = 32) async throws -> Tensor {
        let data = try ArrayDataset(.values(x), nil)
        if data.count == 0 { return try Tensor(zeros: outputShape.batched(0)) }
        try graph.check(data, batchSize: batchSize, for: "predict")
        return try await ComputeTurn.take { [self] in try compute(data, batchSize: batchSize) }
    }

    private func compute(_ data: ArrayDataset, batchSize: Int) throws -> Tensor {
        try engines.withEngine { try $0.predict(data, batchSize: batchSize) }
    }
}

extension Model {
    /// A copy of the model as it is now that many tasks can ask for predictions at once.
    ///
    /// - Throws: `ConvNetError` as the making of a model throws it.
    public func predictor() throws -> Predictor {
        try use.begin("predictor")
        defer { use.end() }
        return try Predictor(self)
    }
}
