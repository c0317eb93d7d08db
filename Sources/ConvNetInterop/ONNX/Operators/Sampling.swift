/// Operators that read images at computed places.
enum Sampling {
    static let table: [String: OperatorDefinition] = [
        "GridSample": OperatorDefinition(states: [1]) { context in
            let x = try context.entire(context.node.operand(0)),
                grid = try context.entire(context.node.operand(1))
            let reader = try GridReader(context.node, x.dims, grid.dims)
            let backward = PlainOperator.Backward([0]) { reader.runBack($0) }
            let op = PlainOperator(outputs: [Shape(reader.output)], backward: backward) { reader.run($0) }
            return [context.result(try context.lowering.emit(op, x.value, grid.value)[0], x.type)]
        }
    ]
}
