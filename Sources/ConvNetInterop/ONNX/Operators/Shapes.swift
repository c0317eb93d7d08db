/// Operators that give the same elements another shape, or tell of shapes.
enum Shapes {
    static let table: [String: OperatorDefinition] = [
        "Identity": OperatorDefinition(evaluate: { _, literals in literals[0].map { [$0] } }) {
            [try $0.node.operand(0)]
        },
        "Dropout": OperatorDefinition(known: .from(1), evaluate: { _, literals in literals[0].map { [$0] } })
        { context in
            // In files of training, too, a model that predicts drops nothing.
            let x = try context.node.operand(0)
            guard context.node.layer.outputCount > 1 else { return [x] }
            let mask = try context.map(context.runtime(x).value, derivative: { _ in 0 }) { _ in 1 }
            return [x, context.result(mask, like: x, type: .bool)]
        },
        "Shape": OperatorDefinition { context in
            let x = try context.node.operand(0), rank = x.rank
            func clamped(_ place: Int) -> Int { min(max(place < 0 ? place + rank : place, 0), rank) }
            let start = clamped(context.node.integer("start", default: 0))
            let end = clamped(context.node.integer("end", default: rank))
            // Under that rule the size of the batch is not the file's.
            if context.node.layer.samples == .strict, x.impliesFirstAxis, start == 0, end > 0 {
                throw context.node.unsupported("The size of a batch")
            }
            return [try context.lowering.literal(Literal(start < end ? Array(x.dims[start..<end]) : []))]
        },
        "Size": OperatorDefinition { context in
            let x = try context.node.operand(0)
            if context.node.layer.samples == .strict { _ = try context.explicit(x) }
            let count = Literal(.int64, [], [Double(x.dims.reduce(1, &*))])
            return [try context.lowering.literal(count)]
        },
        "Reshape": OperatorDefinition(
            known: .only([1]),
            evaluate: { node, literals in
                guard let x = literals[0], let target = literals[1]?.integers ?? node.integers("shape") else {
                    return nil
                }
                return [x.viewed(as: try reshaped(x.dims, target, node))]
            }
        ) { context in
            let x = try context.node.operand(0)
            let target = try context.node.integers(1, orAttribute: "shape") ?? []
            if context.node.layer.samples == .strict, target.first.map({ $0 > 0 }) ?? true {
                _ = try context.explicit(x)
            }
            return [try context.viewed(x, as: reshaped(x.dims, target, context.node))]
        },
        "Flatten": OperatorDefinition { context in
            let x = try context.node.operand(0), dims = x.dims
            let axis = context.node.integer("axis", default: 1)
            let place = axis == dims.count ? axis : try context.node.axis(axis, rank: dims.count)
            let outer = try Shape(Literal.checked(Array(dims[..<place]), as: "output")).elementCount
            let inner = try Shape(Literal.checked(Array(dims[place...]), as: "output")).elementCount
            return [
                try context.viewed(place == 0 ? context.explicit(x, mixes: true) : x, as: [outer, inner])
            ]
        },
        "Squeeze": OperatorDefinition(
            known: .only([1]),
            evaluate: { node, literals in
                guard let x = literals[0] else { return nil }
                return [
                    x.viewed(
                        as: try squeezed(
                            x.dims,
                            literals[1]?.integers ?? node.integers("axes"),
                            node
                        )
                    )
                ]
            }
        ) { context in
            let x = try context.node.operand(0)
            let axes = try context.node.integers(1, orAttribute: "axes")
            let dims = try squeezed(x.dims, axes, context.node)
            let losesFirst =
                try axes.map { try $0.contains { try context.node.axis($0, rank: x.rank) == 0 } } ?? true
            return [try context.viewed(x.impliesFirstAxis && losesFirst ? context.explicit(x) : x, as: dims)]
        },
        "Unsqueeze": OperatorDefinition(
            known: .only([1]),
            evaluate: { node, literals in
                guard let x = literals[0],
                    let axes = literals[1]?.integers ?? node.integers("axes")
                else { return nil }
                return [x.viewed(as: try unsqueezed(x.dims, axes, node))]
            }
        ) { context in
            let x = try context.node.operand(0)
            let axes = try context.node.integers(1, orAttribute: "axes") ?? []
            let dims = try unsqueezed(x.dims, axes, context.node)
            let movesFirst = try axes.contains { try context.node.axis($0, rank: dims.count) == 0 }
            return [try context.viewed(x.impliesFirstAxis && movesFirst ? context.explicit(x) : x, as: dims)]
        },
        "Transpose": OperatorDefinition(evaluate: { node, literals in
            try literals[0].map { x in [x.permuted(try permutation(node, x.dims))] }
        }) { context in
            // Nothing moves: the order of the axes is another one, until an operator needs ONNX'.
            var x = try context.runtime(context.node.operand(0))
            let permutation = try permutation(context.node, x.dims)
            if x.impliesFirstAxis, permutation.first != 0 { x = try context.explicit(x) }
            let order = x.order.map { permutation.firstIndex(of: $0) ?? 0 }
            return [ONNXValue(x.value, x.type, order: order, impliesFirstAxis: x.impliesFirstAxis)]
        },
        "DepthToSpace": OperatorDefinition { context in
            let x = try context.plain(context.node.operand(0)), dims = x.dims
            let size = context.node.integer("blocksize", default: 1)
            guard dims.count == 4, size > 0, size <= dims[1],
                case let (square, overflow) = size.multipliedReportingOverflow(by: size), !overflow,
                dims[1].isMultiple(of: square)
            else {
                throw context.node.unsupported("\(dims) in blocks of \(size)")
            }
            let depth = dims[1] / square
            let isCRD = context.node.text("mode", default: "DCR") == "CRD"
            let split = isCRD ? [depth, size, size] : [size, size, depth]
            return try context.rearranged(
                x,
                [dims[0]] + split + [dims[2], dims[3]],
                isCRD ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2],
                [dims[0], depth, dims[2] * size, dims[3] * size]
            )
        },
        "SpaceToDepth": OperatorDefinition { context in
            let x = try context.plain(context.node.operand(0)), dims = x.dims
            let size = context.node.integer("blocksize", default: 1)
            guard dims.count == 4, size > 0, size <= min(dims[2], dims[3]),
                dims[2].isMultiple(of: size), dims[3].isMultiple(of: size)
            else {
                throw context.node.unsupported("\(dims) in blocks of \(size)")
            }
            let isCRD = context.node.text("mode", default: "DCR") == "CRD"
            return try context.rearranged(
                x,
                [dims[0], dims[1], dims[2] / size, size, dims[3] / size, size],
                isCRD ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4],
                [dims[0], dims[1] * size * size, dims[2] / size, dims[3] / size]
            )
        },
    ]

    /// The sizes that the target of a Reshape means: 0 is the size that is there, -1 what is left.
    static func reshaped(_ dims: [Int], _ target: [Int], _ node: ONNXNode) throws -> [Int] {
        let allowsZero = node.integer("allowzero", default: 0) != 0
        var sizes = target.enumerated().map { place, size in
            size == 0 && !allowsZero && place < dims.count ? dims[place] : size
        }
        let count = dims.reduce(1, &*)
        if let open = sizes.firstIndex(of: -1) {
            let rest = Shape(sizes.indices.filter { $0 != open }.map { sizes[$0] }).elementCount
            sizes[open] = rest == 0 ? 0 : count / rest
        }
        guard sizes.allSatisfy({ $0 >= 0 }), Shape(sizes).elementCount == count else {
            throw ConvNetError(
                .shape,
                "A shape has another number of elements",
                expected: "\(count), for \(dims)",
                received: "\(target)"
            )
        }
        return try Literal.checked(sizes, as: "shape")
    }

    /// The order of the axes that a Transpose says: in reverse unless it does.
    private static func permutation(_ node: ONNXNode, _ dims: [Int]) throws -> [Int] {
        let order = node.integers("perm") ?? Array(dims.indices.reversed())
        guard order.sorted() == Array(dims.indices) else {
            throw ConvNetError(.shape, "Not an order of all axes", received: "\(order) for \(dims)")
        }
        return order
    }

    private static func squeezed(_ dims: [Int], _ axes: [Int]?, _ node: ONNXNode) throws -> [Int] {
        let places = try axes.map { try Set($0.map { try node.axis($0, rank: dims.count) }) }
        guard places?.allSatisfy({ dims[$0] == 1 }) ?? true else {
            throw ConvNetError(
                .shape,
                "Only axes of size 1 can be left out",
                at: "axes",
                expected: "axes of size 1 of \(dims)",
                received: "\(axes ?? [])"
            )
        }
        return dims.indices.filter { axis in places.map { !$0.contains(axis) } ?? (dims[axis] != 1) }.map {
            dims[$0]
        }
    }

    private static func unsqueezed(_ dims: [Int], _ axes: [Int], _ node: ONNXNode) throws -> [Int] {
        let rank = dims.count + axes.count
        let places = try Set(axes.map { try node.axis($0, rank: rank) })
        var rest = dims[...]
        return try (0..<rank).map { axis in
            if places.contains(axis) { return 1 }
            guard let size = rest.popFirst() else {
                throw ConvNetError(.shape, "An axis is inserted twice", received: "\(axes)")
            }
            return size
        }
    }
}

extension NodeContext {
    /// The elements in a finer shape, its axes in another order, and those joined again.
    func rearranged(_ x: ONNXValue, _ finer: [Int], _ permutation: [Int], _ dims: [Int]) throws -> [ONNXValue]
    {
        let fine = try viewed(x, as: finer)
        let moved = ONNXValue(
            fine.value,
            x.type,
            order: fine.order.map { permutation.firstIndex(of: $0) ?? 0 },
            impliesFirstAxis: fine.impliesFirstAxis
        )
        return [try viewed(moved, as: dims)]
    }
}
