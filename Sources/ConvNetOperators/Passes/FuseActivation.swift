extension Passes {
    /// An activation whose gradient follows from its output is applied by the operator before it.
    static func fuseActivation(_ graph: inout OpGraph) {
        let prediction = graph.output
        graph.fuse { operation, source in
            guard let function = (operation.op as? Activate)?.function, function.epilogue != nil,
                // A loss may start before a sigmoid.
                operation.outputs != [prediction] || function != .sigmoid,
                var source = source as? any ActivatingOperator, source.activation == .linear
            else { return nil }
            source.activation = function
            return source
        }
    }
}
