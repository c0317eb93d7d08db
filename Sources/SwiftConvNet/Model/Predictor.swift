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
    /// The shape of one sample, without the batch axis; of a model with several inputs that of the first.
    public var inputShape: Shape { graph.inputShapes[0] }
    /// The shape of one prediction, without the batch axis; of a model with several outputs that of the first.
    public var outputShape: Shape { graph.outputShapes[0] }

    /// The names of the classes that a classifier predicts, as the model had them.
    public let classNames: [String]?

    private let graph: Graph
    private let engines: EnginePool

    /// A copy of what a model is now.
    fileprivate init(_ model: Model) throws {
        name = model.name
        classNames = model.classNames
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
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite, or it has several outputs.
    public func predict(_ x: Tensor, batchSize: Int = 32) throws -> Tensor {
        try graph.requireOneOutput(for: "predict")
        return try compute(ArrayDataset(.values(x), nil), batchSize: batchSize, call: "predict")[0]
    }

    /// The same for tasks: the task is suspended while it waits and while the predictions are computed, on a thread that
    /// is not one of those that run Swift's tasks.
    ///
    /// - Throws: as the other form; `CancellationError` if the task is cancelled before the predictions are begun.
    public func predict(_ x: Tensor, batchSize: Int = 32) async throws -> Tensor {
        try graph.requireOneOutput(for: "predict")
        return try await compute(ArrayDataset(.values(x), nil), batchSize: batchSize, call: "predict")[0]
    }

    /// The predictions for the samples of a dataset: `[samples, …]` of the output's shape.
    ///
    /// - Throws: as the form for a tensor.
    public func predict(_ data: any Dataset, batchSize: Int = 32) throws -> Tensor {
        try graph.requireOneOutput(for: "predict")
        return try compute(data, batchSize: batchSize, call: "predict")[0]
    }

    /// The same for tasks, as the form for a tensor.
    public func predict(_ data: any Dataset, batchSize: Int = 32) async throws -> Tensor {
        try graph.requireOneOutput(for: "predict")
        return try await compute(data, batchSize: batchSize, call: "predict")[0]
    }

    /// The prediction for one sample, both without the batch axis; a channel axis of size 1 may be missing.
    ///
    /// - Throws: as `predict`.
    public func predictOne(_ sample: Tensor) throws -> Tensor {
        try predict(graph.batchOfOne(sample)).withoutBatchAxis()
    }

    /// The same for tasks, as `predict`.
    public func predictOne(_ sample: Tensor) async throws -> Tensor {
        try await predict(graph.batchOfOne(sample)).withoutBatchAxis()
    }

    /// The surest classes of one sample; as `Model.classify`.
    public func classify(_ sample: Tensor, top: Int = 5) throws -> [Classification] {
        try Classification.top(top, of: predict(graph.batchOfOne(sample)), names: classNames)[0]
    }

    /// The same for tasks, as `predict`.
    public func classify(_ sample: Tensor, top: Int = 5) async throws -> [Classification] {
        try Classification.top(top, of: try await predict(graph.batchOfOne(sample)), names: classNames)[0]
    }

    /// The predictions of every output for the samples of a dataset, each by its name.
    ///
    /// - Throws: `ConvNetError` if the samples do not fit the model or are not finite.
    public func predictions(for data: any Dataset, batchSize: Int = 32) throws -> [String: Tensor] {
        graph.named(try compute(data, batchSize: batchSize, call: "predictions"))
    }

    /// The same for tasks, as `predict`.
    ///
    /// - Throws: as the other form; `CancellationError` if the task is cancelled before the predictions are begun.
    public func predictions(for data: any Dataset, batchSize: Int = 32) async throws -> [String: Tensor] {
        graph.named(try await compute(data, batchSize: batchSize, call: "predictions"))
    }

    private func compute(_ data: any Dataset, batchSize: Int, call: String) throws -> [Tensor] {
        if data.count == 0 { return try graph.noPredictions(for: data) }
        let feed = try graph.feed(data, batchSize: batchSize, criteria: nil, for: call)
        return try ComputeTurn.take { try compute(feed, batchSize: batchSize) }
    }

    private func compute(_ data: any Dataset, batchSize: Int, call: String) async throws -> [Tensor] {
        if data.count == 0 { return try graph.noPredictions(for: data) }
        let feed = try graph.feed(data, batchSize: batchSize, criteria: nil, for: call)
        return try await ComputeTurn.take { [self] in try compute(feed, batchSize: batchSize) }
    }

    private func compute(_ feed: Feed, batchSize: Int) throws -> [Tensor] {
        try engines.withEngine { try $0.predict(feed, batchSize: batchSize) }
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
