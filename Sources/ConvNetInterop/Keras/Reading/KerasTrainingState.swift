import SwiftConvNet

/// Takes over how far an optimizer of Keras has come.
enum KerasTrainingState {
    /// Sets the state of the optimizer of a compiled model.
    ///
    /// - Parameter arrays: the paths of the optimizer's arrays, in Keras' order.
    /// - Returns: what could not be taken over; `nil` if all was, or there is none.
    static func restore(
        _ file: HDF5File,
        _ arrays: [String],
        into model: Model,
        _ parameters: KerasParameters
    ) throws -> String? {
        let count = arrays.count
        guard count > 0, let state = try model.trainingState else { return nil }
        let learning = parameters.entries.filter(\.learns).map { (name: $0.name, shape: $0.spec.shape) }
        guard let order = KerasOptimizerVariables(state.optimizer, state.update, for: learning) else {
            return "The state of the optimizer is not taken over: Keras keeps it in another form."
        }
        // An optimizer that has made no step has no arrays.
        if count <= 2, order.variables.count > count {
            let step = try step(file, arrays[0])
            return step == 0
                ? nil : "The state of the optimizer is not taken over: the file lacks its arrays."
        }
        guard count == order.variables.count else {
            return
                "The state of the optimizer is not taken over: the file has \(count) arrays, and \(order.variables.count) are known."
        }
        var step = 0, slots: [TrainingState.Slot] = [], scalar: Double?
        for (array, variable) in zip(arrays, order.variables) {
            switch variable {
            case .step: step = try self.step(file, array)
            case .learningRate: model.learningRate = Float(try file.number(array))
            case .scalar: scalar = try file.number(array)
            case .slot(let slot, let parameter):
                slots.append(.init(slot: slot, parameter: parameter, values: try file.tensor(array)))
            }
        }
        try model.restore(step: step, slots: slots, scalars: scalar.map { [$0] })
        return nil
    }

    private static func step(_ file: HDF5File, _ array: String) throws -> Int {
        max(try Int(exactly: file.number(array).rounded()) ?? 0, 0)
    }
}
