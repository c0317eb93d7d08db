/// Operators that look elements up by indices, and put them in places.
enum Gathering {
    static let table: [String: OperatorDefinition] = [
        "Gather": OperatorDefinition(
            weights: [0: OperatorDefinition.asIs],
            evaluate: { node, literals in
                guard let x = literals[0], let indices = literals[1] else { return nil }
                let axis = try node.axis(default: 0, rank: x.dims.count), size = x.dims[axis]
                let dims = try Literal.checked(
                    Array(x.dims[..<axis]) + indices.dims + Array(x.dims[(axis + 1)...]),
                    as: "output"
                )
                guard Shape(dims).elementCount <= Literal.countLimit else { return nil }
                let rows = try indices.integers.map { try place($0, size) }
                guard !dims.contains(0) else { return [x.gathered(dims, [])] }
                let inner = x.dims[(axis + 1)...].reduce(1, *), outer = x.dims[..<axis].reduce(1, *)
                let source = (0..<outer).flatMap { block in
                    rows.flatMap { row in (0..<inner).map { (block * size + row) * inner + $0 } }
                }
                return [x.gathered(dims, source)]
            }
        ) { context in
            var x = try context.runtime(context.node.operand(0))
            let axis = try context.node.axis(default: 0, rank: x.rank)
            if axis == 0 { x = try context.explicit(x, mixes: true) }
            let given = try context.node.operand(1), size = x.dims[axis]
            var indices = try context.indices(given, size)
            let others = (0..<x.rank).filter { $0 != axis && !(x.impliesFirstAxis && $0 == 0) }
            x = try context.arranged(x, (x.impliesFirstAxis ? [0] : []) + [axis] + others)
            let count = indices.rank
            // A table that all samples share, and rows that each has of its own.
            if indices.impliesFirstAxis, x.impliesFirstAxis || axis > 0 {
                indices = try context.explicit(indices)
            }
            let value = try context.lowering.take(x.value, context.plain(indices).value)
            let places = others.map { $0 < axis ? $0 : $0 + count - 1 }
            let order = (x.impliesFirstAxis ? [0] : []) + Array(axis..<(axis + count)) + places
            return [
                ONNXValue(
                    value,
                    x.type,
                    order: order,
                    impliesFirstAxis: x.impliesFirstAxis || indices.impliesFirstAxis
                )
            ]
        },
        "GatherElements": OperatorDefinition(evaluate: nil) { context in
            let x = try context.entire(context.node.operand(0))
            let axis = try context.node.axis(default: 0, rank: x.rank), size = x.dims[axis]
            let indices = try context.entire(context.indices(context.node.operand(1), size))
            let map = try ElementMap(x.dims, indices.dims, axis)
            let backward = PlainOperator.Backward([0, 1]) { gradients in
                for place in map.places.indices {
                    guard let row = Literal.index(gradients.inputs[1][place], below: size) else { continue }
                    gradients.operands[0]?[map.places[place] + row * map.stride] += gradients.output[place]
                }
            }
            let op = PlainOperator(outputs: [Shape(indices.dims)], backward: backward) { memory in
                for place in map.places.indices {
                    let row = Literal.index(memory.inputs[1][place], below: size)
                    memory.outputs[0][place] =
                        row.map { memory.inputs[0][map.places[place] + $0 * map.stride] } ?? .nan
                }
            }
            return [context.result(try context.lowering.emit(op, x.value, indices.value)[0], x.type)]
        },
        "ScatterElements": OperatorDefinition(scatterElements),
        "Scatter": OperatorDefinition(scatterElements),
        "GatherND": OperatorDefinition { context in
            let x = try context.entire(context.node.operand(0))
            let indices = try context.entire(context.node.operand(1))
            let batchAxes = context.node.integer("batch_dims", default: 0)
            guard let depth = indices.dims.last, depth >= 1, (0..<indices.rank).contains(batchAxes),
                batchAxes <= x.rank, depth <= x.rank - batchAxes,
                indices.dims.prefix(batchAxes) == x.dims.prefix(batchAxes)
            else { throw unfit(indices, x) }
            let sizes = Array(x.dims[batchAxes..<(batchAxes + depth)])
            let width = x.dims[(batchAxes + depth)...].reduce(1, *)
            let batches = x.dims[..<batchAxes].reduce(1, *), block = sizes.reduce(1, *) * width
            let rows = indices.dims.dropLast().reduce(1, *)
            let dims = indices.dims.dropLast() + x.dims[(batchAxes + depth)...]
            /// The first element of the operand that a row of indices names.
            @Sendable func first(_ indices: UnsafePointer<Float>, _ row: Int) -> Int? {
                element(indices + row * depth, sizes).map { row / (rows / batches) * block + $0 * width }
            }
            let backward = PlainOperator.Backward([0, 1]) { gradients in
                for row in 0..<rows {
                    guard let start = first(gradients.inputs[1], row) else { continue }
                    for place in 0..<width {
                        gradients.operands[0]?[start + place] += gradients.output[row * width + place]
                    }
                }
            }
            let op = PlainOperator(outputs: [Shape(Array(dims))], backward: backward) { memory in
                for row in 0..<rows {
                    let start = first(memory.inputs[1], row)
                    for place in 0..<width {
                        memory.outputs[0][row * width + place] =
                            start.map { memory.inputs[0][$0 + place] } ?? .nan
                    }
                }
            }
            return [context.result(try context.lowering.emit(op, x.value, indices.value)[0], x.type)]
        },
        "ScatterND": OperatorDefinition { context in
            let x = try context.entire(context.node.operand(0))
            let indices = try context.entire(context.node.operand(1))
            let updates = try context.entire(context.node.operand(2))
            guard let depth = indices.dims.last, depth >= 1, depth <= x.rank else { throw unfit(indices, x) }
            try context.require(updates, "updates", is: Array(indices.dims.dropLast() + x.dims[depth...]))
            let sizes = Array(x.dims[..<depth]), width = x.dims[depth...].reduce(1, *)
            let rows = indices.dims.dropLast().reduce(1, *), count = x.dims.reduce(1, *)
            let combine = try combination(context.node)
            let backward = scatterBackward(context.node, count) { gradients, visit in
                for row in 0..<rows {
                    guard let start = element(gradients.inputs[1] + row * depth, sizes) else { continue }
                    for place in 0..<width { visit(start * width + place, row * width + place) }
                }
            }
            let op = PlainOperator(outputs: [Shape(x.dims)], backward: backward) { memory in
                memory.outputs[0].update(from: memory.inputs[0], count: count)
                for row in 0..<rows {
                    guard let start = element(memory.inputs[1] + row * depth, sizes) else { continue }
                    for place in 0..<width {
                        let target = memory.outputs[0] + start * width + place
                        target.pointee = combine(target.pointee, memory.inputs[2][row * width + place])
                    }
                }
            }
            return [
                context.result(
                    try context.lowering.emit(op, x.value, indices.value, updates.value)[0],
                    x.type
                )
            ]
        },
        "NonZero": OperatorDefinition(known: .all) { context in
            guard let x = try context.node.literal(0) else { throw context.node.unsupported("No operand") }
            let strides = Literal.strides(x.dims), found = x.numbers.indices.filter { x.numbers[$0] != 0 }
            let rows = x.dims.indices.flatMap { axis in
                found.map { Double($0 / strides[axis] % x.dims[axis]) }
            }
            return [try context.lowering.literal(Literal(.int64, [x.dims.count, found.count], rows))]
        },
        "Compress": OperatorDefinition(known: .only([1])) { context in
            var x = try context.runtime(context.node.operand(0))
            let choice = try context.node.literal(1)?.numbers ?? []
            if context.node.settings.integers["axis"] == nil {
                x = try context.viewed(context.entire(x, mixes: true), as: [x.dims.reduce(1, *)])
            }
            let axis = try context.node.axis(default: 0, rank: x.rank)
            if axis == 0 { x = try context.explicit(x, mixes: true) }
            let place = x.place(of: axis) ?? 0
            let chosen = choice.indices.filter { choice[$0] != 0 }
            let parts = try chosen.map { index in
                var starts = x.value.shape.map { _ in 0 }, sizes = x.value.shape.dimensions
                (starts[place], sizes[place]) = (index, 1)
                return try context.lowering.slice(x.value, startIndices: starts, shape: Shape(sizes))
            }
            guard !parts.isEmpty else { throw context.node.unsupported("An empty result") }
            return [context.result(try context.lowering.emit(Join(axis: place), parts)[0], like: x)]
        },
    ]

    private static let scatterElements: OperatorDefinition.Lower = { context in
        let x = try context.entire(context.node.operand(0))
        let axis = try context.node.axis(default: 0, rank: x.rank), size = x.dims[axis]
        let indices = try context.entire(context.indices(context.node.operand(1), size))
        let updates = try context.entire(context.node.operand(2))
        try context.require(updates, "updates", is: indices.dims)
        let map = try ElementMap(x.dims, indices.dims, axis), count = x.dims.reduce(1, *)
        let combine = try combination(context.node)
        let backward = scatterBackward(context.node, count) { gradients, visit in
            for place in map.places.indices {
                guard let row = Literal.index(gradients.inputs[1][place], below: size) else { continue }
                visit(map.places[place] + row * map.stride, place)
            }
        }
        let op = PlainOperator(outputs: [Shape(x.dims)], backward: backward) { memory in
            memory.outputs[0].update(from: memory.inputs[0], count: count)
            for place in map.places.indices {
                guard let row = Literal.index(memory.inputs[1][place], below: size) else { continue }
                let target = memory.outputs[0] + map.places[place] + row * map.stride
                target.pointee = combine(target.pointee, memory.inputs[2][place])
            }
        }
        return [
            context.result(try context.lowering.emit(op, x.value, indices.value, updates.value)[0], x.type)
        ]
    }

    /// The backward pass of what puts elements in places, where they replace what is there or are added to it.
    ///
    /// - Parameters:
    ///   - count: the elements of the operand.
    ///   - forEach: calls its argument with each place that an update changes, and the place of that update.
    private static func scatterBackward(
        _ node: ONNXNode,
        _ count: Int,
        forEach: @escaping @Sendable (PlainOperator.Gradients, (Int, Int) -> Void) -> Void
    ) -> PlainOperator.Backward? {
        let reduction = node.text("reduction", default: "none")
        guard reduction == "none" || reduction == "add" else { return nil }
        return PlainOperator.Backward([0, 1, 2]) { gradients in
            if let operand = gradients.operands[0] {
                // Whole operands may hold gradients of other samples: what is replaced is taken off again.
                for place in 0..<count { operand[place] += gradients.output[place] }
                if reduction == "none" {
                    forEach(gradients) { target, _ in operand[target] -= gradients.output[target] }
                }
            }
            if let updates = gradients.operands[2] {
                forEach(gradients) { target, source in updates[source] += gradients.output[target] }
            }
        }
    }

    /// Where the elements of a smaller shape lie in a larger one, along all axes but one.
    private struct ElementMap {
        let places: [Int]
        let stride: Int

        /// - Throws: `ConvNetError` of kind `shape` if the smaller shape has other axes, or is larger along one of those; of kind
        ///   `environment` if there is no memory for the places.
        init(_ dims: [Int], _ part: [Int], _ axis: Int) throws {
            guard part.count == dims.count,
                dims.indices.allSatisfy({ $0 == axis || part[$0] <= dims[$0] })
            else {
                throw ConvNetError(
                    .shape,
                    "There are indices beyond the elements",
                    at: "indices",
                    expected: "at most \(dims), but for axis \(axis)",
                    received: "\(part)"
                )
            }
            let byteCount = Shape(part + [MemoryLayout<Int>.stride]).elementCount
            try MemoryCheck.require(byteCount, for: "the places of indices")
            var strides = Literal.strides(dims)
            stride = strides[axis]
            strides[axis] = 0
            places = Literal.places(part, strides)
        }
    }

    /// The error of indices that name no elements of a tensor.
    private static func unfit(_ indices: ONNXValue, _ x: ONNXValue) -> ConvNetError {
        ConvNetError(
            .shape,
            "The shape of the indices does not fit the tensor",
            at: "indices",
            expected: "the same batch axes, and rows with an index for some of the other axes of \(x.dims)",
            received: "\(indices.dims)"
        )
    }

    /// How an element joins the one that is there.
    private static func combination(_ node: ONNXNode) throws -> @Sendable (Float, Float) -> Float {
        switch node.text("reduction", default: "none") {
        case "none": { _, new in new }
        case "add": { $0 + $1 }
        case "mul": { $0 * $1 }
        case "max": { Swift.max($0, $1) }
        case "min": { Swift.min($0, $1) }
        case let other: throw node.unsupported("The reduction \(other)")
        }
    }

    /// The row that an index names; negative ones count from the end.
    private static func place(_ index: Int, _ size: Int) throws -> Int {
        let place = index < 0 ? index + size : index
        guard (0..<size).contains(place) else {
            throw ConvNetError(
                .shape,
                "There is no such index",
                expected: "-\(size)..<\(size)",
                received: "\(index)"
            )
        }
        return place
    }

    /// The element that several indices name, one for each size; `nil` if there is none.
    private static func element(_ indices: UnsafePointer<Float>, _ sizes: [Int]) -> Int? {
        var row = 0
        for (axis, size) in sizes.enumerated() {
            let index = indices[axis]
            guard let place = Literal.index(index < 0 ? index + Float(size) : index, below: size) else {
                return nil
            }
            row = row * size + place
        }
        return row
    }
}

extension NodeContext {
    /// Indices counted from 0; negative ones count from the end.
    func indices(_ x: ONNXValue, _ size: Int) throws -> ONNXValue {
        let x = try runtime(x)
        return result(try map(x.value) { $0 < 0 ? $0 + Float(size) : $0 }, like: x)
    }
}
