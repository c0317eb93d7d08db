extension Passes {
    /// A loss that can start from the logits before the last activation does so: that is exact where the prediction is rounded
    /// to 0 or 1.
    static func startFromLogits(_ graph: inout OpGraph, _ objective: Objective) {
        for (index, term) in objective.terms.enumerated() {
            guard let function = term.loss.startsBefore,
                let last = graph.producer(of: graph.outputs[term.output]),
                let activate = graph.operations[last].op as? Activate, activate.function == function
            else { continue }
            graph.logits[index] = graph.operations[last].inputs[0]
        }
    }
}
