/// How one batch runs through a network: groups of stages, the partition of each group's work, and a place in
/// memory for every buffer. Made once per batch size and purpose; running it allocates nothing.
///
/// Everything here depends on shapes, the batch size and constants alone, never on the number of workers.
package final class Plan: @unchecked Sendable {
    // Sendable: immutable once made, but for what its engine prepares; the tables are freed with it.

    /// Stages that run between two barriers.
    package struct Group {
        /// A stage and the buffers it sees.
        struct Step {
            let bindings: UnsafePointer<Bindings>
            let body: @Sendable (StageContext) -> Void
            /// Whether it runs as for a batch of one sample.
            let isWhole: Bool
        }

        enum Work {
            /// Tiles of samples. If the group adds to the gradients of shards, a unit is a shard, and takes its
            /// tiles in order; else a unit is a tile.
            case samples(tile: Int, shards: ShardGradients?)
            case tasks
        }

        /// The gradients of whole values that a unit sets to zero before it adds to them.
        struct ShardGradients {
            /// For each value: byte offset of shard 0, bytes from one shard to the next.
            var toClear: [(offset: Int, stride: Int)]
        }

        let work: Work
        package let units: Int
        let steps: [Step]
        /// What its first stage is a part of: in a plan that isolates stages, the only one.
        package let part: Schedule.Part
        /// In a plan that isolates stages, the values that are complete now, and stay so until the next group runs: byte
        /// offsets in the arena, and numbers of elements.
        package var completes: [(completion: Schedule.Completion, offset: Int, count: Int)] = []
    }

    /// Memory that one kernel prepares, and the groups that fill it.
    struct Preparation {
        let key: PreparedKey?
        let byteCount: Int
        let groups: [Group]
    }

    /// The largest number of parts into which a batch is cut for the gradients of small weights.
    package static let maximumShardCount = 8
    /// What a tile of samples may fill, in bytes. More than a small second-level cache holds, for Winograd's products want
    /// rows: smaller tiles were measured to be slower (`docs/design/engine.md`).
    static let tileBudget = 3 << 20

    /// The operators that it runs.
    package let graph: OpGraph
    package let batch: Int
    /// What runs before `groups` if parameters have changed, for each kernel that prepares memory.
    let preparations: [Preparation]
    /// The memory that the preparations fill, shared with other plans; at the first run.
    private var preparedMemory: [PreparedMemory] = []
    /// The version of the parameters from which all of it was filled.
    private var preparedVersion: Int?
    let groups: [Group]
    /// Bytes of memory shared by all workers, and for each worker.
    package let arenaByteCount: Int
    package let tileByteCount: Int
    package let scratchByteCount: Int
    /// Byte offsets of the predictions, and of the gradients of the inputs, in the arena.
    let outputOffsets: [Int]
    let inputGradientOffsets: [Int?]
    /// Whether running it leaves gradients of parameters.
    let hasBackward: Bool
    /// The implementation of each operation's kernel.
    package let implementations: [String]

    private let tables: PlanTables

    /// Bytes of memory that the preparations fill.
    package var preparedByteCount: Int { preparations.reduce(0) { $0 + $1.byteCount } }

    /// What is known before anything runs.
    var constants: AlignedBuffer { tables.constants }

    /// Fills the prepared memory from the parameters that a store has now, where no plan has done so yet.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if the machine does not have the memory.
    func prepare(from store: ParameterStore, run: (Group) -> Void) throws {
        let version = store.version
        guard preparedVersion != version else { return }
        if preparedMemory.count < preparations.count {
            preparedMemory = try preparations.map { preparation in
                try preparation.key.map { try store.prepared.memory(for: $0) }
                    ?? PreparedMemory(byteCount: preparation.byteCount)
            }
            tables.bind(preparedMemory)
        }
        for (preparation, memory) in zip(preparations, preparedMemory) {
            guard let key = preparation.key else { continue }
            memory.fill(for: store.version(of: key)) { preparation.groups.forEach(run) }
        }
        preparedVersion = version
    }

    init(
        _ graph: OpGraph,
        store: ParameterStore,
        batch buffers: BatchBuffers,
        for purpose: Schedule.Purpose
    ) throws {
        self.graph = graph
        let schedule = try Schedule(graph, batch: buffers, for: purpose)
        batch = purpose.batch
        hasBackward = purpose.mode == .training
        implementations = schedule.implementations
        try MemoryPlan.requireAddressable(schedule.buffers, batch: purpose.batch)
        let joined = Self.spans(of: schedule.entries, joining: true)
        var layout = MemoryPlan(schedule, spans: joined, batch: purpose.batch)
        var spans = joined
        // For each span, the one that it is a part of: both cut the batch in the same way, for the same bits.
        var whole = joined
        if purpose.isolatesStages {
            spans = Self.spans(of: schedule.entries, joining: false)
            whole = joined.flatMap { span in Array(repeating: span, count: span.count) }
            let tiles = zip(joined, layout.tiles).flatMap { Array(repeating: $1, count: $0.count) }
            layout = MemoryPlan(schedule, spans: spans, tiles: tiles, batch: purpose.batch)
        }
        tables = try PlanTables(schedule, graph, layout: layout, store: store)
        arenaByteCount = layout.arenaByteCount
        tileByteCount = layout.tileByteCount
        scratchByteCount = AlignedBuffer.rounded(schedule.views.map(\.scratch).max() ?? 0)
        let locations = layout.locations
        outputOffsets = schedule.outputBuffers.map { locations[$0].offset }
        inputGradientOffsets = schedule.inputGradientBuffers.map { $0.map { locations[$0].offset } }
        let makeGroups = GroupMaker(schedule: schedule, layout: layout, tables: tables, purpose: purpose)
        preparations = schedule.preparations.map { preparation in
            Preparation(
                key: preparation.key,
                byteCount: preparation.byteCount,
                groups: preparation.key == nil ? [] : preparation.entries.map(makeGroups.alone)
            )
        }
        groups = makeGroups(spans, partsOf: whole)
    }

    /// Joins neighbouring stages that are split by samples, if it is to; every other stage stands alone.
    private static func spans(of entries: [Schedule.Entry], joining: Bool) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for (index, entry) in entries.enumerated() {
            if joining, let last = spans.last, entry.joinsOthers, entries[last.lowerBound].joinsOthers {
                spans[spans.count - 1] = last.lowerBound..<(index + 1)
            } else {
                spans.append(index..<(index + 1))
            }
        }
        return spans
    }
}

/// Makes groups from spans of stages.
private struct GroupMaker {
    let schedule: Schedule
    let layout: MemoryPlan
    let tables: PlanTables
    let purpose: Schedule.Purpose

    /// A group of one stage that is not split by samples.
    func alone(_ entry: Schedule.Entry) -> Plan.Group {
        let units = if case .tasks(let count) = entry.stage.split { count } else { 1 }
        return Plan.Group(work: .tasks, units: units, steps: [step(entry)], part: entry.part)
    }

    /// - Parameter whole: for each span, the one that it is a part of where stages are not isolated.
    func callAsFunction(_ spans: [Range<Int>], partsOf whole: [Range<Int>]) -> [Plan.Group] {
        var cleared = Set<Int>()
        return spans.indices.map { index in
            let entries = schedule.entries[spans[index]]
            let first = entries[spans[index].lowerBound]
            guard first.stage.split == .samples else { return complete(alone(first), first) }
            let tile = layout.tiles[index]
            var shards: Plan.Group.ShardGradients?
            if schedule.entries[whole[index]].contains(where: \.usesShards) {
                let toClear = entries.filter(\.usesShards).flatMap(shardValues).compactMap { value in
                    cleared.insert(value).inserted ? layout.shardLocation(of: value, in: schedule) : nil
                }
                shards = .init(toClear: toClear.map { ($0.offset, $0.stride) })
            }
            return complete(
                Plan.Group(
                    work: .samples(tile: tile, shards: shards),
                    units: shards == nil ? (purpose.batch + tile - 1) / tile : purpose.shardCount,
                    steps: entries.map(step),
                    part: first.part
                ),
                first
            )
        }
    }

    private func step(_ entry: Schedule.Entry) -> Plan.Group.Step {
        .init(bindings: tables.bindings(of: entry.view), body: entry.stage.body, isWhole: entry.isWhole)
    }

    /// The values to whose shards a stage adds.
    private func shardValues(_ entry: Schedule.Entry) -> [Int] {
        schedule.views[entry.view].inputGradients.compactMap {
            if case .shards(let value)? = $0?.home { value } else { nil }
        }
    }

    /// In a plan that isolates stages, the group says what is complete after it.
    private func complete(_ group: Plan.Group, _ entry: Schedule.Entry) -> Plan.Group {
        guard purpose.isolatesStages else { return group }
        var group = group
        group.completes = entry.completes.compactMap { completion, buffer in
            let location = layout.locations[buffer]
            guard location.space == .arena else { return nil }
            let byteCount =
                schedule.buffers[buffer].isBatchWide
                ? schedule.buffers[buffer].byteCount : purpose.batch * location.stride
            return (completion, location.offset, byteCount / MemoryLayout<Float>.stride)
        }
        return group
    }
}
