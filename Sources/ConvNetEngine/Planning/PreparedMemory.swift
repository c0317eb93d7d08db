/// Names memory that kernels prepare from whole operands: kernels with equal keys fill it with the same bytes.
struct PreparedKey: Hashable, Sendable {
    /// Where the content comes from.
    enum Source: Hashable, Sendable {
        /// A parameter, by its entry in the store.
        case parameter(Int)
        case constant(ConstantTensor)
    }

    /// The operator's type.
    let op: ObjectIdentifier
    /// The whole operands, in order.
    let sources: [Source]
    /// What the kernel calls the order of the content.
    let layout: String
    let byteCount: Int
}

/// What kernels have prepared from the parameters of one store, for every plan and engine that runs on them: transformed
/// weights take several times their parameters, so there is one copy of each layout, however many batch sizes a
/// process sees. A layer has few layouts, so none is ever given back.
final class PreparedCache: Sendable {
    private let memory = Lock<[PreparedKey: PreparedMemory]>([:])

    /// The memory of a key, made when it is first asked for.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if the machine does not have it.
    func memory(for key: PreparedKey) throws -> PreparedMemory {
        try memory.withLock { memory in
            if let known = memory[key] { return known }
            let made = try PreparedMemory(byteCount: key.byteCount)
            memory[key] = made
            return made
        }
    }
}

/// Memory that one kernel prepares, and the version of the parameters that it was filled from.
final class PreparedMemory: @unchecked Sendable {
    // Sendable: it is written under the lock alone, and nobody reads it before its own call of `fill` has returned.
    // Engines that share a store never change its parameters, so no one fills what another reads.

    private let buffer: AlignedBuffer
    private let version = Lock<Int?>(nil)

    init(byteCount: Int) throws {
        buffer = try AlignedBuffer(lasting: byteCount, for: "the prepared weights of a layer")
    }

    var base: UnsafeMutableRawPointer { buffer.base }

    /// Calls `body` to fill the memory if it is not yet that of a version of the parameters. Who comes meanwhile waits.
    func fill(for wanted: Int, _ body: () -> Void) {
        version.withLock { version in
            guard version != wanted else { return }
            body()
            version = wanted
        }
    }
}
