/// What layers change, such as moving statistics, while a training pass changes it: copies, so that nothing has changed until the
/// step counts.
final class PendingStates {
    private let store: ParameterStore
    private let buffer: AlignedBuffer
    /// The entries that layers change, and where the copy of each begins.
    private let places: [(entry: ParameterStore.Entry, offset: Int)]
    /// The addresses of all values, for plans, by the index of the entry: those of the copies for what layers change.
    let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>

    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    init(of store: ParameterStore) throws {
        self.store = store
        let line = AlignedBuffer.alignment / MemoryLayout<Float>.stride
        var end = 0
        places = store.entries.filter(\.spec.isChangedByLayer).map { entry in
            defer { end += (entry.count + line - 1) / line * line }
            return (entry, end)
        }
        buffer = try AlignedBuffer(count: end, for: "the moving statistics of the model")
        addresses = .allocate(capacity: max(1, store.entries.count))
        addresses.initialize(from: store.addresses, count: store.entries.count)
        var next = 0
        for (index, entry) in store.entries.enumerated() where entry.spec.isChangedByLayer {
            addresses[index] = UnsafeMutableRawPointer(buffer.floats + places[next].offset)
            next += 1
        }
    }

    deinit { addresses.deallocate() }

    /// Takes what the layers keep now.
    func begin() {
        for (entry, offset) in places {
            (buffer.floats + offset).update(from: entry.parameter.buffer.floats, count: entry.count)
        }
    }

    /// Has the layers keep what the pass has left.
    func commit() {
        for (entry, offset) in places {
            entry.parameter.withMutableValues {
                $0.baseAddress?.update(from: buffer.floats + offset, count: entry.count)
            }
        }
    }

    /// What the pass has left, by name.
    func tensors() throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (entry, offset) in places {
            tensors[entry.name] = try Tensor(shape: entry.spec.shape) {
                $0.baseAddress?.update(from: buffer.floats + offset, count: entry.count)
            }
        }
        return tensors
    }
}
