import SwiftConvNet

/// The order in which Keras keeps the arrays of an optimizer: `optimizer/vars/0` and so on.
///
/// First come the number of steps, and the learning rate unless it is a schedule; then the averages and the sums of gradients that the
/// update rule keeps; then the optimizer's slots.
struct KerasOptimizerVariables {
    enum Variable {
        case step, learningRate
        case slot(String, parameter: String)
        /// The only scalar that an optimizer has.
        case scalar
    }

    static let group = "optimizer/vars"
    let variables: [Variable]

    /// - Parameter parameters: the names of those that learn, in Keras' order.
    /// - Returns: `nil` for an optimizer whose arrays have another form in Keras.
    init?(_ optimizer: any Optimizer, _ update: UpdateRule, for parameters: [(name: String, shape: Shape)]) {
        guard let groups = KerasOptimizers.slotGroups(of: optimizer) else { return nil }
        var variables: [Variable] = [.step]
        if optimizer.learningRate.constant != nil { variables.append(.learningRate) }
        func add(_ slots: [String]) {
            for parameter in parameters {
                for slot in slots { variables.append(.slot(slot, parameter: parameter.name)) }
            }
        }
        if update.averageMomentum != nil { add(["average"]) }
        if update.accumulatedBatches > 1 { add(["gradient_accumulator"]) }
        groups.forEach(add)
        if !optimizer.scalars.isEmpty {
            guard optimizer is Nadam else { return nil }
            variables.append(.scalar)
        }
        self.variables = variables
    }
}
