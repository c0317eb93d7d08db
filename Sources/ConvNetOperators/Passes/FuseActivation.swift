extension Passes {
    /// An activation is applied by the operator before it: in training one whose gradient follows from its output, in
    /// inference every one that is element-wise.
    static func fuseActivation(_ graph: inout OpGraph, mode: Site.Mode) {
        let predictions = graph.outputs, logits = Set(graph.logits.values)
        graph.fuse { operation, source in
            guard let function = (operation.op as? Activate)?.function,
                (mode == .training ? function.epilogue : function.code) != nil,
                !logits.contains(operation.inputs[0]),
                // In training a loss may start before a sigmoid, and inference has the same bits.
                function != .sigmoid || !predictions.contains(operation.outputs[0]),
                var source = source as? any ActivatingOperator, source.activation == .linear
            else { return nil }
            source.activation = function
            return source
        }
    }
}
