import Synchronization

/// A model as it was at one moment, for predictions and nothing else: immutable, and called by many tasks at once.
///
/// ```swift
/// let predictor = try Model.load(from: "mnist.safetensors").predictor()
/// await withTaskGroup { group in
///     for request in requests { group.addTask { answer(request, try? predictor.predict(request.image)) } }
/// }
/// ```
///
/// A call takes all workers if no other call has them, and else computes alone on the thread that makes it, so that
/// no call waits for another. Both give the same bits, those of `Model.predict`. Training the model further does not
/// change its predictors.
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
            graph: model.graph,
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
        return try engines.withEngine { try $0.predict(data, batchSize: batchSize) }
    }
}

extension Model {
    /// A copy of the model as it is now that many tasks can ask for predictions at once.
    ///
    /// - Throws: `ConvNetError` as the making of a model throws it.
    public func predictor() throws -> Predictor { try Predictor(self) }
}

/// The engines that calls of a predictor run on: one with all workers, and as many with one as there are calls beside.
private final class EnginePool: @unchecked Sendable {
    // Sendable: nobody writes the parameters, and an engine is used only by the call that has taken it.

    private let graph: Graph
    private let parameters: ParameterStore
    private let options: ComputeOptions
    private let seed: UInt64
    /// The engine with all workers, and the lock that a call holds while it uses it.
    private let shared: Engine
    private let sharedLock = Mutex(())
    /// Engines of one worker, the calling thread, that no call uses.
    private let idle = Mutex(Idle())
    /// More calls than this at once gain nothing, so engines beyond it are not kept.
    private let idleLimit = max(availableProcessorCount(), 8)
    /// Whether several engines may run at once: not on a serial build of OpenBLAS.
    private let allowsConcurrency: Bool

    private struct Idle: @unchecked Sendable {
        // Sendable: the mutex around it sees to that.
        var engines: [Engine] = []
    }

    init(graph: Graph, parameters: ParameterStore, options: ComputeOptions, seed: UInt64) throws {
        self.graph = graph
        self.parameters = parameters
        self.options = options
        self.seed = seed
        shared = try Engine(graph: graph, store: parameters, options: options, seed: seed)
        allowsConcurrency = OpenBLAS.supportsConcurrentCalls || options.gemmPath != .openBLAS
    }

    var idleCount: Int { idle.withLock { $0.engines.count } }

    func withEngine(_ body: (Engine) throws -> Tensor) throws -> Tensor {
        guard allowsConcurrency else { return try sharedLock.withLock { _ in try body(shared) } }
        if let result = try sharedLock.withLockIfAvailable({ _ in try body(shared) }) { return result }
        let engine = try idle.withLock { $0.engines.popLast() } ?? makeEngine()
        defer {
            idle.withLock { idle in
                if idle.engines.count < idleLimit { idle.engines.append(engine) }
            }
        }
        return try body(engine)
    }

    private func makeEngine() throws -> Engine {
        var options = options
        options.threads = 1
        return try Engine(graph: graph, store: parameters, options: options, seed: seed)
    }
}
