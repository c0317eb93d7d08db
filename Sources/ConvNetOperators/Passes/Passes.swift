/// What is made of a graph of operators before it is planned: fewer operators that do the same.
package enum Passes {
    /// Runs all passes, in order.
    ///
    /// - Parameters:
    ///   - graph: what layers have been lowered to.
    ///   - mode: what the plan is for.
    ///   - objective: the losses that the plan computes, if it does.
    package static func run(on graph: inout OpGraph, mode: Site.Mode, objective: Objective?) {
        if let objective { startFromLogits(&graph, objective) }
        if mode == .inference { foldBatchNormalization(&graph) }
        fuseActivation(&graph, mode: mode)
    }
}

extension OpGraph {
    /// The index of the operation that makes a value.
    func producer(of value: Int) -> Int? { operations.firstIndex { $0.outputs.contains(value) } }

    /// Has operations that make the first operand of another one do the work of both.
    ///
    /// - Parameter join: makes the operator that does the work of an operation and of the operator before it; `nil` if
    ///   there is none.
    mutating func fuse(_ join: (_ operation: Operation, _ source: any Operator) -> (any Operator)?) {
        var index = 0
        while index < operations.count { if !fuse(index, join) { index += 1 } }
    }

    /// - Returns: whether the operation has been joined to the one before it.
    private mutating func fuse(
        _ next: Int,
        _ join: (_ operation: Operation, _ source: any Operator) -> (any Operator)?
    ) -> Bool {
        let operation = operations[next]
        guard operation.outputs.count == 1, let source = operation.inputs.first, !inputs.contains(source),
            readerCounts[source] == 1, let place = producer(of: source),
            operations[place].outputs == [source],
            let joined = join(operation, operations[place].op)
        else { return false }
        operations[place].op = joined
        operations[place].nodes += operation.nodes.filter { !operations[place].nodes.contains($0) }
        operations[place].inputs += operation.inputs.dropFirst()
        operations[place].outputs = operation.outputs
        operations.remove(at: next)
        return true
    }
}
