/// Where everything is: the second half of planning.
struct MemoryPlan {
    /// For each buffer of the schedule.
    private(set) var locations: [Location]
    /// For each span of stages, the samples in a tile.
    private(set) var tiles: [Int] = []
    private(set) var arenaByteCount = 0
    private(set) var tileByteCount = 0

    /// - Parameter tiles: the samples in each span's tile, if that is not to be chosen here.
    init(_ schedule: Schedule, spans: [Range<Int>], tiles given: [Int]? = nil, batch: Int) {
        var buffers = schedule.buffers
        // A sample's gradient and the prediction are read after the last stage.
        for index in buffers.indices where buffers[index].isPinned {
            buffers[index].use(at: schedule.entries.count)
        }
        locations = buffers.map {
            Location(space: .arena, offset: 0, stride: $0.isBatchWide ? 0 : $0.byteCount)
        }
        let isLocal = placeLocal(buffers, schedule, spans: spans, tiles: given, batch: batch)
        placeShared(buffers, isLocal: isLocal, spans: spans, batch: batch)
    }

    /// Checks that no sum of sizes overflows below, however the buffers are placed.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if a batch has no room in an address space.
    static func requireAddressable(_ buffers: [PlannedBuffer], batch: Int) throws {
        let bytes = buffers.reduce(0.0) {
            $0 + Double($1.byteCount) * ($1.isBatchWide ? 1 : Double(batch))
        }
        guard bytes < 0x1p60 else {
            throw MemoryCheck.shortage(.max, for: "the values of a batch of \(batch)")
        }
    }

    /// The shards' copies of a value's gradient.
    func shardLocation(of value: Int, in schedule: Schedule) -> Location? {
        guard let buffer = schedule.shardBuffers[value] else { return nil }
        let stride = schedule.buffers[buffer].byteCount / schedule.shardCount
        return Location(space: .shards, offset: locations[buffer].offset, stride: stride)
    }

    /// What lives and dies within one group of sample-wise stages is kept per worker, in the cache.
    private mutating func placeLocal(
        _ buffers: [PlannedBuffer],
        _ schedule: Schedule,
        spans: [Range<Int>],
        tiles given: [Int]?,
        batch: Int
    ) -> [Bool] {
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
            let most = min(Site.largestTile(batch: batch), batch)
            let tile = given?[place] ?? max(1, min(Plan.tileBudget / max(perSample, 1), most))
            tiles.append(tile)
            let local = touched.filter {
                !buffers[$0].isBatchWide && buffers[$0].first >= span.lowerBound
                    && buffers[$0].last < span.upperBound
            }
            var planner = MemoryLayoutPlanner()
            let offsets = planner.place(
                local.map { (buffers[$0].byteCount * tile, buffers[$0].first, buffers[$0].last) }
            )
            for (index, offset) in zip(local, offsets) {
                isLocal[index] = true
                locations[index] = Location(space: .tile, offset: offset, stride: buffers[index].byteCount)
            }
            tileByteCount = max(tileByteCount, planner.byteCount)
        }
        return isLocal
    }

    /// Within a group one tile's last stage runs before another tile's first: what tiles share lives for whole groups.
    private mutating func placeShared(
        _ buffers: [PlannedBuffer],
        isLocal: [Bool],
        spans: [Range<Int>],
        batch: Int
    ) {
        var groups = spans.enumerated().flatMap { index, span in Array(repeating: index, count: span.count) }
        groups.append(spans.count)
        var planner = MemoryLayoutPlanner()
        let shared = buffers.indices.filter { !isLocal[$0] && buffers[$0].last >= 0 }
        let offsets = planner.place(
            shared.map { index in
                let buffer = buffers[index]
                let count = buffer.isBatchWide ? 1 : batch
                return (buffer.byteCount * count, groups[buffer.first], groups[buffer.last])
            }
        )
        for (index, offset) in zip(shared, offsets) {
            locations[index] = Location(space: .arena, offset: offset, stride: locations[index].stride)
        }
        arenaByteCount = planner.byteCount
    }
}
