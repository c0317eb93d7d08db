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
        }

        package enum Work {
            /// Tiles of samples. If the group adds to the gradients of shards, a unit is a shard, and takes its
            /// tiles in order; else a unit is a tile.
            case samples(tile: Int, shards: ShardGradients?)
            case tasks
        }

        /// The gradients of parameters that a unit sets to zero before it adds to them.
        package struct ShardGradients {
            /// For each parameter: byte offset of shard 0, bytes from one shard to the next.
            var toClear: [(offset: Int, stride: Int)]
        }

        let work: Work
        let units: Int
        let steps: [Step]
        /// What its first stage is a part of: in a plan that isolates stages, the only one.
        package let part: Schedule.Part
        /// In a plan that isolates stages, the values that are whole now, and stay so until the next group runs: byte
        /// offsets in the arena, and numbers of elements.
        package var completes: [(value: Schedule.Value, offset: Int, count: Int)] = []
    }

    /// Memory that one kernel prepares, and the groups that fill it.
    struct Preparation {
        let key: PreparedKey
        let groups: [Group]
    }

    /// The largest number of parts into which a batch is cut for the gradients of small weights.
    package static let maximumShardCount = 8
    /// What a tile of samples may fill, in bytes. More than a small second-level cache holds, for Winograd's products want
    /// rows: smaller tiles were measured to be slower (`docs/design/engine.md`).
    static let tileBudget = 3 << 20

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
    /// Byte offsets of the prediction, and of the gradient of the samples, in the arena.
    let outputOffset: Int
    let sampleGradientOffset: Int?
    /// Whether running it leaves gradients of parameters.
    let hasBackward: Bool
    /// The implementation of each operation's kernel.
    package let implementations: [String]

    private let tables: PlanTables

    /// Bytes of memory that the preparations fill.
    package var preparedByteCount: Int { preparations.reduce(0) { $0 + $1.key.byteCount } }

    /// Fills the prepared memory from the parameters that a store has now, where no plan has done so yet.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if the machine does not have the memory.
    func prepare(from store: ParameterStore, run: (Group) -> Void) throws {
        guard preparedVersion != store.version else { return }
        if preparedMemory.count < preparations.count {
            preparedMemory = try preparations.map { try store.prepared.memory(for: $0.key) }
            tables.bind(preparedMemory)
        }
        for (preparation, memory) in zip(preparations, preparedMemory) {
            memory.fill(for: store.version) { preparation.groups.forEach(run) }
        }
        preparedVersion = store.version
    }

    init(
        _ operations: Operations, store: ParameterStore, batch buffers: BatchBuffers,
        for purpose: Schedule.Purpose
    ) throws {
        let schedule = try Schedule(operations, entries: store.entries, batch: buffers, for: purpose)
        batch = purpose.batch
        hasBackward = purpose.mode == .training
        implementations = schedule.implementations
        let joined = Self.spans(of: schedule.entries, joining: true)
        let shardCount = min(Self.maximumShardCount, purpose.batch)
        var layout = MemoryPlan(
            schedule, spans: joined, batch: purpose.batch, shardCount: shardCount, store: store)
        var spans = joined
        // For each span, the one that it is a part of: both cut the batch in the same way, for the same bits.
        var whole = joined
        if purpose.isolatesStages {
            spans = Self.spans(of: schedule.entries, joining: false)
            whole = joined.flatMap { span in Array(repeating: span, count: span.count) }
            let tiles = zip(joined, layout.tiles).flatMap { Array(repeating: $1, count: $0.count) }
            layout = MemoryPlan(
                schedule, spans: spans, tiles: tiles, batch: purpose.batch, shardCount: shardCount,
                store: store)
        }
        let tables = PlanTables(schedule, layout: layout, store: store)
        self.tables = tables
        arenaByteCount = layout.arenaByteCount
        tileByteCount = layout.tileByteCount
        scratchByteCount = AlignedBuffer.rounded(schedule.views.map(\.scratch).max() ?? 0)
        outputOffset = layout.locations[schedule.outputBuffer].offset
        sampleGradientOffset = schedule.sampleGradientBuffer.map { layout.locations[$0].offset }

        preparations = schedule.preparations.map { preparation in
            let groups = preparation.entries.map { entry in
                let step = Group.Step(bindings: tables.bindings(of: entry.view), body: entry.stage.body)
                let units = if case .tasks(let count) = entry.stage.split { count } else { 1 }
                return Group(work: .tasks, units: units, steps: [step], part: entry.part)
            }
            return Preparation(key: preparation.key, groups: groups)
        }

        var cleared = Set<Int>()
        var groups = spans.enumerated().map { index, span in
            let entries = schedule.entries[span]
            let steps = entries.map { entry in
                Group.Step(bindings: tables.bindings(of: entry.view), body: entry.stage.body)
            }
            let part = entries[span.lowerBound].part
            switch entries[span.lowerBound].stage.split {
            case .once: return Group(work: .tasks, units: 1, steps: steps, part: part)
            case .tasks(let count): return Group(work: .tasks, units: count, steps: steps, part: part)
            case .samples:
                let tile = layout.tiles[index]
                guard schedule.entries[whole[index]].contains(where: \.usesShards) else {
                    let units = (purpose.batch + tile - 1) / tile
                    return Group(
                        work: .samples(tile: tile, shards: nil), units: units, steps: steps, part: part)
                }
                let parameters = entries.filter(\.usesShards).flatMap { schedule.views[$0.view].parameters }
                let toClear = parameters.compactMap { parameter in
                    cleared.insert(parameter).inserted ? layout.shardGradients[parameter] : nil
                }
                let shards = Group.ShardGradients(toClear: toClear.map { ($0.offset, $0.stride) })
                return Group(
                    work: .samples(tile: tile, shards: shards), units: shardCount, steps: steps, part: part)
            }
        }
        if let reduction = ShardReduction(layout.shardGradients, shardCount: shardCount, store: store) {
            let step = Group.Step(bindings: tables.bindings(of: operations.input), body: reduction.stage.body)
            groups.append(
                Group(work: .tasks, units: reduction.taskCount, steps: [step], part: .gradientSum))
        }
        if purpose.isolatesStages {
            for (index, entry) in schedule.entries.enumerated() {
                groups[index].completes = entry.completes.compactMap { value, buffer in
                    let location = layout.locations[buffer]
                    guard location.space == .arena else { return nil }
                    return (
                        value, location.offset, purpose.batch * location.stride / MemoryLayout<Float>.stride
                    )
                }
            }
        }
        self.groups = groups
    }

    /// Joins neighbouring stages that are split by samples, if it is to; every other stage stands alone.
    private static func spans(of entries: [Schedule.Entry], joining: Bool) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for (index, entry) in entries.enumerated() {
            if joining, let last = spans.last, entry.stage.split == .samples,
                entries[last.lowerBound].stage.split == .samples
            {
                spans[spans.count - 1] = last.lowerBound..<(index + 1)
            } else {
                spans.append(index..<(index + 1))
            }
        }
        return spans
    }
}

/// Where everything is: the second half of planning.
private struct MemoryPlan {
    var locations: [Location]
    /// For each group, the samples in a tile.
    var tiles: [Int]
    /// For parameters whose gradients are added up in shards, by their place among the store's entries.
    var shardGradients: [Int: Location] = [:]
    package var arenaByteCount: Int
    package var tileByteCount = 0

    /// - Parameter tiles: the samples in each span's tile, if that is not to be chosen here.
    init(
        _ schedule: Schedule, spans: [Range<Int>], tiles given: [Int]? = nil, batch: Int, shardCount: Int,
        store: ParameterStore
    ) {
        var buffers = schedule.buffers
        // A sample's gradient and the prediction are read after the last stage.
        for index in buffers.indices where buffers[index].isPinned {
            buffers[index].use(at: schedule.entries.count)
        }
        locations = buffers.map {
            Location(space: .arena, offset: 0, stride: $0.isBatchWide ? 0 : $0.byteCount)
        }
        tiles = []

        // What lives and dies within one group of sample-wise stages is kept per worker, in the cache.
        var isLocal = [Bool](repeating: false, count: buffers.count)
        for (place, span) in spans.enumerated() {
            guard schedule.entries[span.lowerBound].stage.split == .samples else {
                tiles.append(batch)
                continue
            }
            let touched = buffers.indices.filter {
                buffers[$0].first < span.upperBound && buffers[$0].last >= span.lowerBound
            }
            let perSample = touched.reduce(0) { $0 + (buffers[$1].isBatchWide ? 0 : buffers[$1].byteCount) }
            // No fewer than sixteen tiles where there are as many samples, for the workers to share.
            let most = max(1, min((batch + 15) / 16, batch))
            let tile = given?[place] ?? max(1, min(Plan.tileBudget / max(perSample, 1), most))
            tiles.append(tile)
            let local = touched.filter {
                !buffers[$0].isBatchWide && buffers[$0].first >= span.lowerBound
                    && buffers[$0].last < span.upperBound
            }
            var planner = MemoryLayoutPlanner()
            let offsets = planner.place(
                local.map { (buffers[$0].byteCount * tile, buffers[$0].first, buffers[$0].last) })
            for (index, offset) in zip(local, offsets) {
                isLocal[index] = true
                locations[index] = Location(space: .tile, offset: offset, stride: buffers[index].byteCount)
            }
            tileByteCount = max(tileByteCount, planner.byteCount)
        }

        // Within a group one tile's last stage runs before another tile's first: what tiles share lives for whole groups.
        var groups = spans.enumerated().flatMap { index, span in Array(repeating: index, count: span.count) }
        groups.append(spans.count)
        var planner = MemoryLayoutPlanner()
        let shared = buffers.indices.filter { !isLocal[$0] && buffers[$0].last >= 0 }
        let parameters = Set(
            schedule.entries.filter(\.usesShards).flatMap { schedule.views[$0.view].parameters }
                .filter { store.entries[$0].spec.isTrainable }
        ).sorted()
        let firstUse = Dictionary(
            schedule.entries.enumerated().flatMap { index, entry in
                schedule.views[entry.view].parameters.map { ($0, index) }
            }.filter { schedule.entries[$0.1].usesShards }, uniquingKeysWith: min)
        let offsets = planner.place(
            shared.map { index in
                let buffer = buffers[index]
                let count = buffer.isBatchWide ? 1 : batch
                return (buffer.byteCount * count, groups[buffer.first], groups[buffer.last])
            }
                + parameters.map { parameter in
                    (
                        Self.shardStride(store.entries[parameter]) * shardCount,
                        groups[firstUse[parameter] ?? 0], spans.count
                    )
                })
        for (index, offset) in zip(shared, offsets) {
            locations[index] = Location(space: .arena, offset: offset, stride: locations[index].stride)
        }
        for (parameter, offset) in zip(parameters, offsets.dropFirst(shared.count)) {
            shardGradients[parameter] = Location(
                space: .arena, offset: offset, stride: Self.shardStride(store.entries[parameter]))
        }
        arenaByteCount = planner.byteCount
    }

    private static func shardStride(_ entry: ParameterStore.Entry) -> Int {
        AlignedBuffer.rounded(entry.count * MemoryLayout<Float>.stride)
    }
}

/// The plan's tables of locations, as plain memory, so that looking up an address counts no references.
private final class PlanTables {
    private let locations: UnsafeMutablePointer<Location>
    private let offsets: UnsafeMutablePointer<Int>
    private let all: UnsafeMutablePointer<Bindings>
    /// For each view, its place among the memory that is prepared.
    private let prepared: [Int?]

    init(_ schedule: Schedule, layout: MemoryPlan, store: ParameterStore) {
        let nowhere = Location(space: .arena, offset: 0, stride: 0)
        func location(_ buffer: Int?) -> Location { buffer.map { layout.locations[$0] } ?? nowhere }
        let rows = schedule.views.map { view in
            let gradients = view.parameters.map { parameter in
                layout.shardGradients[parameter]
                    ?? Location(space: .gradients, offset: store.entries[parameter].offset, stride: 0)
            }
            return [
                view.inputs.map(location), view.inputGradients.map(location), view.saved.map(location),
                gradients,
            ]
        }
        prepared = schedule.views.map(\.prepared)
        locations = .allocate(capacity: max(1, rows.joined().joined().count))
        offsets = .allocate(capacity: max(1, schedule.views.map(\.parameters.count).reduce(0, +)))
        all = .allocate(capacity: max(1, schedule.views.count))
        var nextLocation = locations
        func append(_ row: [Location]) -> UnsafePointer<Location> {
            defer { nextLocation += row.count }
            nextLocation.initialize(from: row, count: row.count)
            return UnsafePointer(nextLocation)
        }
        var nextOffset = offsets
        for (index, view) in schedule.views.enumerated() {
            let parameters = view.parameters.map { store.entries[$0].offset }
            nextOffset.initialize(from: parameters, count: parameters.count)
            (all + index).initialize(
                to: Bindings(
                    inputs: append(rows[index][0]), output: location(view.output),
                    outputGradient: location(view.outputGradient), inputGradients: append(rows[index][1]),
                    saved: append(rows[index][2]), workspace: location(view.workspace),
                    prepared: UnsafeMutableRawPointer(all),  // until `bind`; few kernels have any
                    parameters: UnsafePointer(nextOffset),
                    gradients: append(rows[index][3])))
            nextOffset += parameters.count
        }
    }

    deinit {
        all.deallocate()
        offsets.deallocate()
        locations.deallocate()
    }

    func bindings(of view: Int) -> UnsafePointer<Bindings> { UnsafePointer(all + view) }

    /// Tells every view where its prepared memory is.
    func bind(_ memory: [PreparedMemory]) {
        for (view, place) in prepared.enumerated() {
            if let place { all[view].prepared = memory[place].base }
        }
    }
}
