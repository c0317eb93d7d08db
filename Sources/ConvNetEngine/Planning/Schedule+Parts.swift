extension Schedule {
    /// One stage, and the tables of buffers that its kernel sees.
    struct Entry {
        let stage: Stage
        /// Its index in `views`.
        let view: Int
        /// Whether its samples must run shard by shard, for it adds to the shards' gradients.
        var usesShards = false
        /// Whether its operator has whole operands only, and runs as for a batch of one sample.
        var isWhole = false
        /// Whether it reads a batch as one tensor, or makes the gradient of one: all samples are done before and after it.
        var standsAlone = false
        /// What it is a part of.
        let part: Part
        /// The values that are complete once it has run, and the buffers that hold them.
        var completes: [(completion: Completion, buffer: Int)] = []

        /// Whether it may run tile by tile with its neighbours.
        var joinsOthers: Bool { stage.split == .samples && !standsAlone }
    }

    /// What a stage is a part of, for those who ask where the time goes. Operations are named by their index.
    package enum Part: Hashable {
        case gather, forward(Int), loss, backward(Int), gradientSum
    }

    /// What an operation puts out, or the gradient of the loss with respect to that; for those who look at numbers.
    package struct Completion: Hashable {
        package let operation: Int
        package let output: Int
        package let isGradient: Bool
    }

    /// Where a kernel finds a tensor.
    struct Operand {
        enum Home {
            /// A buffer of the plan, by its index.
            case buffer(Int)
            /// A parameter, or the place of its gradient, by its entry in the store.
            case parameter(Int), gradient(Int)
            /// A constant of the graph, by its index.
            case constant(Int)
            /// The shards' copies of the gradient of a value.
            case shards(value: Int)
        }

        let home: Home
        /// Bytes from one sample to the next; 0 for what is whole.
        let stride: Int
    }

    /// What one kernel touches.
    struct View {
        var inputs: [Operand?] = []
        var outputs: [Operand?] = []
        var inputGradients: [Operand?] = []
        var outputGradients: [Operand?] = []
        /// Indices in `buffers`.
        var saved: [Int] = []
        var workspace: Int?
        /// The kernel's prepared memory: an index in `preparations`.
        var prepared: Int?
        var scratch = 0
    }

    /// Memory that one kernel prepares, and the stages that fill it.
    struct Preparation {
        /// Names it among the memory that is kept from batch to batch; `nil` if it is filled in every pass, for it
        /// depends on what the pass computes. Then the stages are among those of the pass.
        let key: PreparedKey?
        let byteCount: Int
        let entries: [Entry]
    }

    /// What a schedule is made for.
    struct Purpose {
        let batch: Int
        let mode: Site.Mode
        let options: ComputeOptions
        /// The losses to compute.
        let objective: Objective?
        /// Whether the backward pass goes on to the inputs themselves.
        let needsSampleGradient: Bool
        /// Whether every stage runs alone, from one barrier to the next, so that it can be timed.
        var isolatesStages = false

        var shardCount: Int { min(Plan.maximumShardCount, batch) }
    }

    /// What a reader of a value has made of its gradient.
    enum Contribution {
        /// A buffer that it has stored it in.
        case buffer(Int)
        /// The shards that it has added it to.
        case shards
        /// The place of the gradient itself: it is the only reader.
        case final
    }
}
