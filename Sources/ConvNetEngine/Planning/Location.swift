/// A place in memory that a plan has chosen; the address is known when the plan runs.
struct Location {
    enum Space {
        /// Memory that all workers share; a sample's place is counted from the batch's first.
        case arena
        /// Memory of the worker, which begins with the tile's first sample.
        case tile
        /// A parameter, whose index is the offset.
        case parameters
        /// The gradients of parameters.
        case gradients
        /// Copies of a gradient, one for each shard of the batch, in the arena.
        case shards
        /// What is known before anything runs.
        case constants
    }

    let space: Space
    /// In bytes: of the first sample, or of the first shard.
    let offset: Int
    /// In bytes, from one sample to the next, or from one shard to the next. Zero for what the batch shares.
    let stride: Int
}

/// The places of all that one kernel touches. Plain pointers into tables that the plan owns, so that a part
/// of a stage counts no references.
struct Bindings {
    var inputs: UnsafePointer<Location>
    var outputs: UnsafePointer<Location>
    var inputGradients: UnsafePointer<Location>
    var outputGradients: UnsafePointer<Location>
    var saved: UnsafePointer<Location>
    var workspace: Location
    /// Set before the plan runs for the first time: prepared memory outlives plans.
    var prepared: UnsafeMutableRawPointer
}

/// The addresses that a running plan shares among its workers.
struct MemoryMap {
    var arena: UnsafeMutableRawPointer
    /// The address of each parameter.
    var parameters: UnsafePointer<UnsafeMutableRawPointer>
    var gradients: UnsafeMutableRawPointer
    var constants: UnsafeMutableRawPointer
    var randomKey: (UInt32, UInt32)
    var batchesDone: Int
}

/// The addresses that belong to one worker.
struct WorkerMemory {
    var tile: UnsafeMutableRawPointer
    var scratch: UnsafeMutableRawPointer
}
