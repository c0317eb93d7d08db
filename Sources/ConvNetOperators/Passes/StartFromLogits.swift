extension Passes {
    /// A loss that can start from the logits before the last activation does so: that is exact where the prediction is rounded
    /// to 0 or 1.
    static func startFromLogits(_ graph: inout OpGraph, _ objective: Objective) {
        for (index, term) in objective.terms.enumerated() {
            guard let function = term.loss.startsBefore,
                let last = graph.lastActivation(ofOutput: term.output), last.function == function
            else { continue }
            graph.logits[index] = last.logits
        }
    }
}

extension OpGraph {
    /// The activation that makes a prediction, before any pass, and the value that it reads; `nil` if something else makes it.
    package func lastActivation(ofOutput output: Int) -> (function: ActivationFunction, logits: Int)? {
        guard let last = producer(of: outputs[output]), let activate = operations[last].op as? Activate
        else { return nil }
        return (activate.function, operations[last].inputs[0])
    }
}
