import Foundation

/// Recurrent layers, for inference.
enum Recurrent {
    static let table: [String: OperatorDefinition] = [
        "LSTM": OperatorDefinition(weights: weights, whole: [1, 2]) { try run($0, .lstm) },
        "GRU": OperatorDefinition(weights: weights, whole: [1, 2]) { try run($0, .gru) },
        "RNN": OperatorDefinition(weights: weights, whole: [1, 2]) { try run($0, .rnn) },
    ]

    private static let weights: [Int: OperatorDefinition.StorageOrder] = [
        1: OperatorDefinition.asIs, 2: OperatorDefinition.asIs, 3: OperatorDefinition.asIs,
        7: OperatorDefinition.asIs,
    ]

    private static func run(_ context: NodeContext, _ kind: RecurrentCell.Kind) throws -> [ONNXValue] {
        let node = context.node
        let isBatchFirst = node.integer("layout", default: 0) != 0
        let given = try node.operand(0)
        guard given.rank == 3 else { throw node.unsupported("An input of \(given.rank) axes") }
        // One sequence after the other: a sample has all steps of its sequences.
        let x = try context.entire(given, mixes: !isBatchFirst)
        let steps = x.dims[isBatchFirst ? 1 : 0], batch = x.dims[isBatchFirst ? 0 : 1]
        let w = try context.entire(node.operand(1)), r = try context.entire(node.operand(2))
        let cell = try RecurrentCell(
            kind,
            node,
            steps: steps,
            batch: batch,
            w: w.dims,
            r: r.dims,
            features: x.dims[2],
            isBatchFirst: isBatchFirst
        )
        var values = [x.value, w.value, r.value], places: [Int: Int] = [:]
        for index in [3, 4, 5, 6, 7] where index < 6 || kind == .lstm {
            guard let operand = node.optional(index) else { continue }
            if let dims = cell.dims(ofOperand: index) {
                try context.require(operand, "operand \(index)", is: dims)
            }
            places[index] = values.count
            values.append(try context.entire(operand).value)
        }
        let found = places
        let op = PlainOperator(outputs: cell.outputs, scratch: cell.scratch) { cell.run($0, found) }
        let outputs = try context.lowering.emit(op, values)
        return outputs.map { context.result($0, .float) }
    }
}
