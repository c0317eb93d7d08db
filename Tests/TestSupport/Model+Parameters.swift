import SwiftConvNet

extension Model {
    /// Sets a parameter by its name.
    public func set(_ name: String, _ tensor: Tensor) throws { try store.set(tensor, for: entry(name)) }

    /// A parameter by its name.
    public func value(_ name: String) throws -> Tensor { try store.tensor(entry(name)) }

    private func entry(_ name: String) throws -> ParameterStore.Entry {
        guard let entry = store.entries.first(where: { $0.name == name }) else {
            throw ConvNetError(
                .argument,
                "The model has no such parameter",
                at: name,
                expected: store.entries.map(\.name).joined(separator: ", ")
            )
        }
        return entry
    }
}
