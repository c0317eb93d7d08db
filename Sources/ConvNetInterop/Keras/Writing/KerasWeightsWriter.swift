import SwiftConvNet

/// Writes the parameters of a model, and the state of its optimizer, as Keras' file of weights has them.
enum KerasWeightsWriter {
    /// The file.
    ///
    /// - Parameter state: how far training has come; `nil` leaves the optimizer out.
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory, or without the trait `HDF5`.
    static func file(_ model: Model, _ layout: KerasLayout, _ state: TrainingState?) throws -> [UInt8] {
        var writer = HDF5Writer()
        writer.addGroup("vars", name: model.name)
        for (place, group) in layout.groups.enumerated() {
            writer.addGroup("\(group)/vars", name: layout.names[place])
        }
        let parameters = KerasParameters(layout.places, of: model)
        for entry in parameters.entries {
            let values = try model.parameter(named: entry.name).reshaped(to: entry.shape)
            // Keras counts the samples that a normalisation has seen in an integer.
            if entry.spec.name == "count", entry.spec.shape.rank == 0 {
                writer.add(Int(exactly: values.elements.first ?? 0) ?? 0, at: entry.array)
            } else {
                writer.add(values, at: entry.array)
            }
        }
        if let state { try add(state, parameters, to: &writer) }
        return try writer.file()
    }

    private static func add(
        _ state: TrainingState,
        _ parameters: KerasParameters,
        to writer: inout HDF5Writer
    ) throws {
        let learning = parameters.entries.filter(\.learns).map { (name: $0.name, shape: $0.spec.shape) }
        guard let order = KerasOptimizerVariables(state.optimizer, state.update, for: learning) else {
            return
        }
        let slots = Dictionary(state.slots.map { ("\($0.slot)/\($0.parameter)", $0.values) }) { first, _ in
            first
        }
        let shapes = Dictionary(parameters.entries.map { ($0.name, $0.shape) }) { first, _ in first }
        for (index, variable) in order.variables.enumerated() {
            let array = "\(KerasOptimizerVariables.group)/\(index)"
            switch variable {
            case .step: writer.add(state.step, at: array)
            case .learningRate: writer.add(try Tensor([state.learningRate], shape: []), at: array)
            case .scalar: writer.add(try Tensor([Float(state.scalars.first ?? 0)], shape: []), at: array)
            case .slot(let slot, let parameter):
                guard let values = slots["\(slot)/\(parameter)"] else { break }
                let shape = shapes[parameter].flatMap { $0.elementCount == values.count ? $0 : nil }
                writer.add(try values.reshaped(to: shape ?? values.shape), at: array)
            }
        }
    }
}
