import SwiftConvNet

extension KerasWeights {
    /// The arrays of a file of Keras 2, in which layers have names: `model_weights/dense/dense/kernel:0`.
    ///
    /// As in Keras the layers that have arrays meet in their order, and so do the arrays of a layer: those that learn, then the others.
    ///
    /// - Parameter root: the group of the layers: `model_weights`, or the file itself.
    init(legacy file: HDF5File, root: String, for parameters: KerasParameters) throws {
        let layers = try Self.words("layer_names", of: root, in: file).compactMap {
            name -> (name: String, arrays: [String])? in
            let group = root.isEmpty ? name : "\(root)/\(name)"
            let arrays = try Self.words("weight_names", of: group, in: file).map { "\(group)/\($0)" }
            return arrays.isEmpty ? nil : (name, arrays)
        }
        let members = Dictionary(grouping: parameters.entries.filter { !$0.isCopy }, by: \.member)
            .sorted { $0.key < $1.key }.map { _, entries in
                entries.filter(\.spec.isTrainable) + entries.filter { !$0.spec.isTrainable }
            }
        guard layers.count == members.count else {
            throw ConvNetError(
                .format,
                "The file has not as many layers with arrays as the model",
                at: file.path,
                expected: "\(members.count)",
                received: "\(layers.count): \(layers.map(\.name).joined(separator: ", "))"
            )
        }
        for (layer, entries) in zip(layers, members) {
            for (index, entry) in entries.enumerated() {
                try take(
                    entry,
                    from: layer.arrays.indices.contains(index) ? layer.arrays[index] : nil,
                    of: file
                )
            }
            for array in layer.arrays.dropFirst(entries.count) { pass(over: array) }
        }
    }

    /// The words of an attribute, which Keras divides into several where it is long: `layer_names0`, `layer_names1` and so on.
    private static func words(_ attribute: String, of group: String, in file: HDF5File) throws -> [String] {
        guard file.hasGroup(group) else {
            throw ConvNetError(.format, "The file lacks a group", at: file.path, expected: "\"\(group)\"")
        }
        if let words = try file.strings(attribute, of: group) { return words }
        var words: [String] = [], part = 0
        while let more = try file.strings("\(attribute)\(part)", of: group) {
            words += more
            part += 1
        }
        return words
    }
}
