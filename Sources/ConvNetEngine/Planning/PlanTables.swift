/// The plan's tables of locations, as plain memory, so that looking up an address counts no references.
final class PlanTables {
    /// The graph's constants, one after the other.
    let constants: AlignedBuffer
    private let locations: UnsafeMutablePointer<Location>
    private let all: UnsafeMutablePointer<Bindings>
    /// For each view, the index of the memory that is prepared for it.
    private let prepared: [Int?]

    /// - Throws: `ConvNetError` of kind `environment` if there is no memory for the constants.
    init(_ schedule: Schedule, _ graph: OpGraph, layout: MemoryPlan, store: ParameterStore) throws {
        var constantOffsets: [Int] = []
        var end = 0
        for (_, constant) in graph.constants {
            constantOffsets.append(end)
            end += AlignedBuffer.rounded(constant.bytes.count)
        }
        let constants = try AlignedBuffer(byteCount: end, for: "the constants of the model")
        for (offset, item) in zip(constantOffsets, graph.constants) {
            item.constant.bytes.withUnsafeBytes { bytes in
                guard let first = bytes.baseAddress else { return }
                (constants.base + offset).copyMemory(from: first, byteCount: bytes.count)
            }
        }
        self.constants = constants
        let nowhere = Location(space: .arena, offset: 0, stride: 0)
        func location(_ operand: Schedule.Operand?) -> Location {
            switch operand?.home {
            case nil: return nowhere
            case .buffer(let buffer):
                let location = layout.locations[buffer]
                return Location(space: location.space, offset: location.offset, stride: operand?.stride ?? 0)
            case .parameter(let entry):
                return Location(space: .parameters, offset: entry, stride: operand?.stride ?? 0)
            case .gradient(let entry):
                return Location(
                    space: .gradients,
                    offset: store.entries[entry].offset * MemoryLayout<Float>.stride,
                    stride: 0
                )
            case .constant(let index):
                return Location(
                    space: .constants,
                    offset: constantOffsets[index],
                    stride: operand?.stride ?? 0
                )
            case .shards(let value): return layout.shardLocation(of: value, in: schedule) ?? nowhere
            }
        }
        let rows = schedule.views.map { view in
            [
                view.inputs.map(location), view.outputs.map(location), view.inputGradients.map(location),
                view.outputGradients.map(location), view.saved.map { layout.locations[$0] },
            ]
        }
        prepared = schedule.views.map(\.prepared)
        locations = .allocate(capacity: max(1, rows.joined().joined().count))
        all = .allocate(capacity: max(1, schedule.views.count))
        var next = locations
        func append(_ row: [Location]) -> UnsafePointer<Location> {
            defer { next += row.count }
            next.initialize(from: row, count: row.count)
            return UnsafePointer(next)
        }
        for (index, view) in schedule.views.enumerated() {
            (all + index).initialize(
                to: Bindings(
                    inputs: append(rows[index][0]),
                    outputs: append(rows[index][1]),
                    inputGradients: append(rows[index][2]),
                    outputGradients: append(rows[index][3]),
                    saved: append(rows[index][4]),
                    workspace: view.workspace.map { layout.locations[$0] } ?? nowhere,
                    prepared: UnsafeMutableRawPointer(all)
                )
            )  // until `bind`; few kernels have any
        }
    }

    deinit {
        all.deallocate()
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
