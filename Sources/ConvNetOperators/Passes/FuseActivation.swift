extension Passes {
    /// An activation whose gradient follows from its output is applied by the operator before it.
    static func fuseActivation(_ graph: inout OpGraph) {
        var index = 0
        while index < graph.operations.count {
            let operation = graph.operations[index]
            guard let function = (operation.op as? Activate)?.function, function.epilogue != nil,
                // A loss may start before it.
                operation.outputs != [graph.output] || !function.standsAlone,
                graph.fuse(
                    index,
                    join: { source in
                        guard var source = source as? any ActivatingOperator, source.activation == .linear
                        else {
                            return nil
                        }
                        source.activation = function
                        return source
                    })
            else {
                index += 1
                continue
            }
        }
    }
}
