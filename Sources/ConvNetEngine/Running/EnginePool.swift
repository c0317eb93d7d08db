/// The engines that calls of a predictor run on: one with all workers, and one of a single worker for each call beside.
/// All share the parameters and what is prepared from them. There are no more than there are turns to compute.
package final class EnginePool: @unchecked Sendable {
    // Sendable: nobody writes the parameters, and an engine is used only by the call that has taken it.

    private let network: LowerableNetwork
    private let parameters: ParameterStore
    private let options: ComputeOptions
    private let seed: UInt64
    /// The engine with all workers, which one call at a time uses.
    private let shared: Lock<Engine>
    /// Engines of one worker, the calling thread, that no call uses.
    private let idle = Lock<[Engine]>([])
    /// Whether several engines may run at once: not on a serial build of OpenBLAS.
    private let allowsConcurrency: Bool

    package init(
        _ network: LowerableNetwork,
        parameters: ParameterStore,
        options: ComputeOptions,
        seed: UInt64
    )
        throws
    {
        self.network = network
        self.parameters = parameters
        self.options = options
        self.seed = seed
        shared = Lock(try Engine(network, store: parameters, options: options, seed: seed))
        allowsConcurrency = OpenBLAS.supportsConcurrentCalls || options.gemmPath != .openBLAS
    }

    package var idleCount: Int { idle.withLock { $0.count } }

    /// Lends an engine to a caller who has taken a turn to compute.
    package func withEngine<Result>(_ body: (Engine) throws -> Result) throws -> Result {
        guard allowsConcurrency else { return try shared.withLock { try body($0) } }
        if let result = try shared.withLockIfAvailable({ try body($0) }) { return result }
        let engine = try idle.withLock { $0.popLast() } ?? makeEngine()
        defer {
            idle.withLock { idle in
                if idle.count < ComputeTurn.count { idle.append(engine) }
            }
        }
        return try body(engine)
    }

    private func makeEngine() throws -> Engine {
        var options = options
        options.threads = 1
        return try Engine(network, store: parameters, options: options, seed: seed)
    }
}
