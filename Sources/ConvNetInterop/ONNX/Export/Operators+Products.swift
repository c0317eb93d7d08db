import SwiftConvNet

extension Linear: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let x = try graph.inOrder(operands[0].rank == 0 ? graph.viewed(operands[0], as: [1]) : operands[0])
        let kernel = try graph.inOrder(operands[1])
        let shape = x.shape.replacing(x.rank - 1, by: kernel.shape[1])
        let names = [x, kernel].map { graph.operand($0) }
        if x.rank == 1, x.isBatched {
            let bias = hasBias ? [graph.operand(operands[2])] : []
            return [ExportedValue(graph.node("Gemm", names + bias), shape, isBatched: true)]
        }
        let product = ExportedValue(graph.node("MatMul", names), shape, isBatched: x.isBatched)
        return [hasBias ? try graph.combined([product, operands[2]], "Add") : product]
    }
}

extension Contract: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let letters = Set(first + second + output).sorted()
        // ONNX has the letters of ASCII; the first one is that of the batch.
        let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        guard letters.count < alphabet.count else {
            throw ConvNetError(.argument, "A product over \(letters.count) axes")
        }
        let names = Dictionary(uniqueKeysWithValues: zip(letters, alphabet.dropFirst()))
        /// The axes of a tensor as the file has them.
        func axes(_ own: [Character], _ value: ExportedValue) -> String {
            String((value.isBatched ? [alphabet[0]] : []) + value.order.compactMap { names[own[$0]] })
        }
        let sizes = Dictionary(
            zip(first + second, operands[0].shape.dimensions + operands[1].shape.dimensions)
        ) { size, _ in size }
        let made = ExportedValue(
            "",
            Shape(output.compactMap { sizes[$0] }),
            isBatched: operands.contains(where: \.isBatched)
        )
        let equation = "\(axes(first, operands[0])),\(axes(second, operands[1]))->\(axes(output, made))"
        var result = made
        result.name = graph.node(
            "Einsum",
            operands.map { graph.operand($0) },
            ["equation": .text(equation)]
        )
        return [try graph.scaled(result, by: scale)]
    }
}

extension Gather: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        let table = try graph.inOrder(operands[0]), indices = try graph.inOrder(operands[1])
        let shape = Shape(indices.shape.dimensions + table.shape.dropFirst())
        let rows = graph.node(
            "Cast",
            [graph.operand(indices)],
            ["to": .integer(ONNXType.int64.rawValue)]
        )
        guard table.isBatched, indices.isBatched else {
            let name = graph.node(
                "Gather",
                [graph.operand(table), rows],
                ["axis": .integer(table.isBatched ? 1 : 0)]
            )
            return [ExportedValue(name, shape, isBatched: table.isBatched || indices.isBatched)]
        }
        let tuples = graph.node("Unsqueeze", [rows, graph.integers([-1], "axes")])
        let name = graph.node(
            "GatherND",
            [graph.operand(table), tuples],
            ["batch_dims": .integer(1)]
        )
        return [ExportedValue(name, shape, isBatched: true)]
    }
}
