/// One step of a kernel: a body, and how its work is split. All parts of a stage are done before the next
/// stage begins, except that neighbouring stages split by samples run tile by tile, layer after layer, while the
/// data is in the cache.
public struct Stage: Sendable {
    /// How the work of a stage is split. A split depends on shapes and constants alone, never on the number of
    /// workers, and so do the bits of the result.
    public enum Split: Sendable, Hashable {
        /// By samples: a part gets a range of samples.
        case samples
        /// Into this many tasks: a part gets its number.
        case tasks(Int)
        /// Not at all.
        case once
    }

    /// How the work is split.
    public let split: Split
    /// The work of one part.
    public let body: @Sendable (StageContext) -> Void

    /// A stage.
    public init(_ split: Split, _ body: @escaping @Sendable (StageContext) -> Void) {
        self.split = split
        self.body = body
    }
}

/// What a part of a stage works on: memory laid out by the plan, and the part's place in the work.
///
/// All pointers are to the first sample of `samples`; those that follow are neighbours.
public struct StageContext {
    /// The samples of this part: a tile of them, or the whole batch where the stage is not split by samples.
    public let samples: Range<Int>
    /// The part's number, where the stage is split into tasks.
    public let task: Int
    let shard: Int
    let bindings: UnsafePointer<Bindings>
    let memory: UnsafePointer<MemoryMap>
    let worker: UnsafePointer<WorkerMemory>

    /// The number of samples.
    public var count: Int { samples.count }

    /// Input `index`, of each sample.
    public func input(_ index: Int = 0) -> UnsafePointer<Float> {
        UnsafePointer(values(at: bindings.pointee.inputs[index]))
    }

    /// The output, of each sample.
    public var output: UnsafeMutablePointer<Float> { values(at: bindings.pointee.output) }

    /// The gradient of the loss with respect to the output, of each sample.
    public var outputGradient: UnsafeMutablePointer<Float> { values(at: bindings.pointee.outputGradient) }

    /// Where the gradient with respect to input `index` goes; only if the site needs it.
    public func inputGradient(_ index: Int = 0) -> UnsafeMutablePointer<Float> {
        values(at: bindings.pointee.inputGradients[index])
    }

    /// Buffer `index` of the kernel's `saved`: of the first sample of this part, or of the batch.
    public func saved(_ index: Int) -> UnsafeMutableRawPointer { resolve(bindings.pointee.saved[index]) }

    /// The kernel's `workspace`: of the pass at hand.
    public var workspace: UnsafeMutableRawPointer { resolve(bindings.pointee.workspace) }

    /// The kernel's `prepared` memory: to be filled by the stages of `prepare`, to be read by all others.
    public var prepared: UnsafeMutableRawPointer { bindings.pointee.prepared }

    /// Parameter `index`.
    public func parameter(_ index: Int) -> UnsafePointer<Float> {
        UnsafePointer(memory.pointee.parameters + bindings.pointee.parameters[index])
    }

    /// Parameter `index`, to change it: only if it is not trainable, and only by one part of a stage.
    public func statistic(_ index: Int) -> UnsafeMutablePointer<Float> {
        memory.pointee.parameters + bindings.pointee.parameters[index]
    }

    /// Where the gradient of parameter `index`, if trainable, goes: stored or added, as the kernel's route says.
    public func parameterGradient(_ index: Int) -> UnsafeMutablePointer<Float> {
        let gradient = bindings.pointee.gradients[index]
        switch gradient.space {
        case .gradients: return memory.pointee.gradients + gradient.offset
        default:
            let raw = memory.pointee.arena + gradient.offset + shard * gradient.stride
            return raw.assumingMemoryBound(to: Float.self)
        }
    }

    /// The worker's scratch memory, aligned to a cache line; its content is whatever the last user left.
    public var scratch: UnsafeMutableRawPointer { worker.pointee.scratch }

    /// The seed's key for counter-based random numbers.
    public var randomKey: (UInt32, UInt32) { memory.pointee.randomKey }

    /// The number of training steps before this one.
    public var step: Int { memory.pointee.step }

    private func values(at location: Location) -> UnsafeMutablePointer<Float> {
        resolve(location).assumingMemoryBound(to: Float.self)
    }

    private func resolve(_ location: Location) -> UnsafeMutableRawPointer {
        switch location.space {
        case .tile:
            worker.pointee.tile + location.offset
        default:
            memory.pointee.arena + location.offset + samples.lowerBound * location.stride
        }
    }
}

/// A place in memory that a plan has chosen; the address is known when the plan runs.
struct Location {
    enum Space {
        /// Memory that all workers share; a sample's place is counted from the batch's first.
        case arena
        /// Memory of the worker, which begins with the tile's first sample.
        case tile
        /// The gradients of parameters.
        case gradients
    }

    let space: Space
    /// In bytes, of the first sample; in elements for `gradients`.
    let offset: Int
    /// In bytes, from one sample to the next; from one shard to the next for gradients. Zero for what the batch shares.
    let stride: Int
}

/// The places of all that one kernel touches. Plain pointers into tables that the plan owns, so that a part
/// of a stage counts no references.
struct Bindings {
    var inputs: UnsafePointer<Location>
    var output: Location
    var outputGradient: Location
    var inputGradients: UnsafePointer<Location>
    var saved: UnsafePointer<Location>
    var workspace: Location
    /// Set before the plan runs for the first time: prepared memory outlives plans.
    var prepared: UnsafeMutableRawPointer
    /// Offsets in elements.
    package var parameters: UnsafePointer<Int>
    package var gradients: UnsafePointer<Location>
}

/// The addresses that a running plan shares among its workers.
struct MemoryMap {
    var arena: UnsafeMutableRawPointer
    package var parameters: UnsafeMutablePointer<Float>
    package var gradients: UnsafeMutablePointer<Float>
    var randomKey: (UInt32, UInt32)
    package var step: Int
}

/// The addresses that belong to one worker.
struct WorkerMemory {
    var tile: UnsafeMutableRawPointer
    var scratch: UnsafeMutableRawPointer
}
