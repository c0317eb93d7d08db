extension Passes {
    /// A loss that can start from the logits before the last activation does so: that is exact where the prediction is rounded
    /// to 0 or 1.
    static func startFromLogits(_ graph: inout OpGraph, _ loss: any Loss) {
        guard let function = loss.startsBefore, let last = graph.producer(of: graph.output),
            let activate = graph.operations[last].op as? Activate, activate.function == function
        else { return }
        graph.logits = graph.operations[last].inputs[0]
    }
}
