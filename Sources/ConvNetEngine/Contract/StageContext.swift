/// What a part of a stage works on: memory laid out by the plan, and the part's place in the work.
///
/// All pointers are to the first sample of `samples`; those that follow are neighbours. What is whole is the same for all
/// samples.
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

    /// Operand `index`, of each sample if it is batched.
    public func input(_ index: Int = 0) -> UnsafePointer<Float> {
        UnsafePointer(values(at: bindings.pointee.inputs[index]))
    }

    /// The first output, of each sample.
    public var output: UnsafeMutablePointer<Float> { output(0) }

    /// Output `index`, of each sample.
    public func output(_ index: Int) -> UnsafeMutablePointer<Float> {
        values(at: bindings.pointee.outputs[index])
    }

    /// The gradient of the loss with respect to the first output, of each sample.
    public var outputGradient: UnsafeMutablePointer<Float> { outputGradient(0) }

    /// The gradient of the loss with respect to output `index`, of each sample.
    public func outputGradient(_ index: Int) -> UnsafeMutablePointer<Float> {
        values(at: bindings.pointee.outputGradients[index])
    }

    /// Where the gradient with respect to operand `index` goes; only if the site needs it. That of a batched operand is
    /// stored; that of a whole one is stored or added, as the kernel's route says.
    public func inputGradient(_ index: Int = 0) -> UnsafeMutablePointer<Float> {
        values(at: bindings.pointee.inputGradients[index])
    }

    /// Operand `index`, a parameter that is not trainable, to change it: only while training, and only by one part of a
    /// stage for the whole batch. The change counts once the step does.
    public func state(_ index: Int) -> UnsafeMutablePointer<Float> {
        values(at: bindings.pointee.inputs[index])
    }

    /// Buffer `index` of the kernel's `saved`: of the first sample of this part, or of the batch.
    public func saved(_ index: Int) -> UnsafeMutableRawPointer { resolve(bindings.pointee.saved[index]) }

    /// The kernel's `workspace`: of the pass at hand.
    public var workspace: UnsafeMutableRawPointer { resolve(bindings.pointee.workspace) }

    /// The kernel's `prepared` memory: to be filled by the stages of `prepare`, to be read by all others.
    public var prepared: UnsafeMutableRawPointer { bindings.pointee.prepared }

    /// The worker's scratch memory, aligned to a cache line; its content is whatever the last user left.
    public var scratch: UnsafeMutableRawPointer { worker.pointee.scratch }

    /// The seed's key for counter-based random numbers.
    public var randomKey: (UInt32, UInt32) { memory.pointee.randomKey }

    /// The number of batches that training has seen before this one.
    public var batchesDone: Int { memory.pointee.batchesDone }

    private func values(at location: Location) -> UnsafeMutablePointer<Float> {
        resolve(location).assumingMemoryBound(to: Float.self)
    }

    private func resolve(_ location: Location) -> UnsafeMutableRawPointer {
        switch location.space {
        case .tile: worker.pointee.tile + location.offset
        case .arena: memory.pointee.arena + location.offset + samples.lowerBound * location.stride
        case .parameters:
            memory.pointee.parameters[location.offset] + samples.lowerBound * location.stride
        case .gradients: memory.pointee.gradients + location.offset
        case .shards: memory.pointee.arena + location.offset + shard * location.stride
        case .constants:
            memory.pointee.constants + location.offset + samples.lowerBound * location.stride
        }
    }
}
