extension MultiHeadAttention {
    /// Checks what does not depend on the inputs.
    func checkSettings() throws {
        for (role, value) in [
            ("numHeads", numHeads), ("keyDim", keyDim), ("valueDim", valueDim ?? 1),
            ("outputShape", outputShape.map { $0.min() ?? 0 } ?? 1),
        ] {
            guard value >= 1 else {
                throw ConvNetError(
                    .argument,
                    "An attention's \(role) is out of its range",
                    at: role,
                    expected: "at least 1",
                    received: role == "outputShape" ? "\(outputShape ?? [])" : "\(value)"
                )
            }
        }
        _ = try Shape([numHeads, max(keyDim, valueDim ?? 1)]).validated(as: "numHeads, keyDim")
        _ = try outputShape?.validated(as: "outputShape")
        guard (0...1).contains(dropout) else {
            throw ConvNetError(
                .argument,
                "Not a share of scores to drop",
                at: "dropout",
                expected: "0...1",
                received: "\(dropout)"
            )
        }
    }

    /// Query, value and key.
    func operands(_ inputs: [Value]) throws -> (query: Value, value: Value, key: Value) {
        guard (1...3).contains(inputs.count) else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) takes one to three inputs",
                expected: "query, value and key; a missing key is the value, a missing value the query",
                received: "\(inputs.count): \(inputs.map(\.shape))"
            )
        }
        let value = inputs.count > 1 ? inputs[1] : inputs[0]
        return (inputs[0], value, inputs.count > 2 ? inputs[2] : value)
    }

    /// The axes that are attended over, as places among those of a sample, in the order given.
    func axes(of shape: Shape) throws -> [Int] {
        guard shape.rank >= 2 else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) takes sequences",
                expected: "[length, features], or more axes before the features",
                received: "\(shape)"
            )
        }
        guard let attentionAxes else { return Array(0..<(shape.rank - 1)) }
        let places = attentionAxes.axes.map { $0 < 0 ? $0 &+ shape.rank : $0 &- 1 }
        guard !places.isEmpty, places.allSatisfy((0..<(shape.rank - 1)).contains),
            Set(places).count == places.count
        else {
            throw ConvNetError(
                .argument,
                "An attention has no such axes",
                at: "attentionAxes",
                expected: "each once, of 1...\(shape.rank - 1), where 0 would be the batch",
                received: "\(attentionAxes), for a query of shape \(shape)"
            )
        }
        return places
    }

    /// Checks that query, value and key fit each other.
    func checkShapes(_ query: Shape, _ value: Shape, _ key: Shape, _ axes: [Int]) throws {
        let others = query.indices.dropLast().filter { !axes.contains($0) }
        guard query.rank == key.rank, value.dropLast().elementsEqual(key.dropLast()),
            others.allSatisfy({ query[$0] == key[$0] })
        else {
            throw ConvNetError(
                .shape,
                "Query, value and key of an attention do not fit each other",
                expected:
                    "as many axes; of value and key equal sizes, save the features; of query and key equal sizes along what is not attended over",
                received: "query \(query), value \(value), key \(key)"
            )
        }
    }
}
