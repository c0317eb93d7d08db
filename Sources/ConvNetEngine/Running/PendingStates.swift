/// What layers keep, such as moving statistics, while a training pass changes it: copies, so that nothing has changed until the
/// step counts.
final class PendingStates {
    private let store: ParameterStore
    /// The copies, laid out as they are behind the trainable parameters of the store.
    private let buffer: AlignedBuffer
    /// The addresses of all values, for plans, by the index of the entry: those of the copies for what layers keep.
    let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>

    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    init(of store: ParameterStore) throws {
        self.store = store
        buffer = try AlignedBuffer(
            count: store.totalCount - store.trainableCount,
            for: "the moving statistics of the model"
        )
        addresses = .allocate(capacity: max(1, store.entries.count))
        addresses.initialize(from: store.addresses, count: store.entries.count)
        for (index, entry) in store.entries.enumerated() where !entry.spec.isTrainable {
            addresses[index] = UnsafeMutableRawPointer(copy(of: entry))
        }
    }

    deinit { addresses.deallocate() }

    /// Takes what the layers keep now.
    func begin() {
        store.copyValues(where: { !$0.spec.isTrainable }, to: buffer.floats, from: store.trainableCount)
    }

    /// Has the layers keep what the pass has left.
    func commit() {
        store.setValues(
            where: { !$0.spec.isTrainable },
            from: buffer.floats,
            startingAt: store.trainableCount
        )
    }

    /// What the pass has left, by name.
    func tensors() throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for entry in store.entries where !entry.spec.isTrainable {
            tensors[entry.name] = try Tensor(shape: entry.spec.shape) {
                $0.baseAddress?.update(from: copy(of: entry), count: entry.count)
            }
        }
        return tensors
    }

    private func copy(of entry: ParameterStore.Entry) -> UnsafeMutablePointer<Float> {
        buffer.floats + entry.offset - store.trainableCount
    }
}
