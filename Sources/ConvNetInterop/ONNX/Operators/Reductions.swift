import Foundation

/// Operators that make one number of those along some axes, or number them.
enum Reductions {
    static let table: [String: OperatorDefinition] = [
        "ReduceSum": reduction({ $0.reduce(0, +) }) { try $0.lowering.sum($1, axes: $2, keepDims: $3) },
        "ReduceMean": reduction({ $0.reduce(0, +) / Double($0.count) }) {
            try $0.lowering.mean($1, axes: $2, keepDims: $3)
        },
        "ReduceMax": reduction({ $0.max() ?? -.infinity }) {
            try $0.lowering.max($1, axes: $2, keepDims: $3)
        },
        "ReduceMin": reduction({ $0.min() ?? .infinity }) { try $0.lowering.min($1, axes: $2, keepDims: $3) },
        "ReduceProd": reduction({ $0.reduce(1, *) }) { try $0.lowering.prod($1, axes: $2, keepDims: $3) },
        "ReduceSumSquare": reduction(squares) {
            try $0.lowering.sum($0.lowering.square($1), axes: $2, keepDims: $3)
        },
        "ReduceL1": reduction({ $0.reduce(0) { $0 + abs($1) } }) {
            try $0.lowering.sum($0.lowering.abs($1), axes: $2, keepDims: $3)
        },
        "ReduceL2": reduction({ squares($0).squareRoot() }) {
            try $0.lowering.sqrt($0.lowering.sum($0.lowering.square($1), axes: $2, keepDims: $3))
        },
        "ReduceLogSum": reduction({ log($0.reduce(0, +)) }) {
            try $0.lowering.log($0.lowering.sum($1, axes: $2, keepDims: $3))
        },
        "ReduceLogSumExp": reduction({ log($0.reduce(0) { $0 + exp($1) }) }) { context, x, axes, keepsAxes in
            let largest = try context.lowering.max(x, axes: axes, keepDims: true)
            let terms = try context.lowering.exp(context.lowering.subtract(x, largest))
            let sum = try context.lowering.log(context.lowering.sum(terms, axes: axes, keepDims: true))
            let result = try context.lowering.add(sum, largest)
            return keepsAxes ? result : try context.lowering.sum(result, axes: axes)
        },
        "ArgMax": OperatorDefinition { try extreme($0) { $0 > $1 } },
        "ArgMin": OperatorDefinition { try extreme($0) { $0 < $1 } },
        "TopK": OperatorDefinition(known: .only([1])) { context in
            let x = try context.runtime(context.node.operand(0))
            let run = try AxisRun(context, x, axis: context.node.axis(default: -1, rank: x.rank))
            let count = try context.node.literal(1)?.integers.first ?? context.node.integer("k", default: 1)
            guard count >= 1, count <= run.count else {
                throw context.node.unsupported("\(count) of \(run.count) elements")
            }
            let isLargest = context.node.integer("largest", default: 1) != 0
            let backward = PlainOperator.Backward([0], reads: .output) { gradients in
                for line in 0..<run.lines {
                    for rank in 0..<count {
                        let place = run.start(line, of: count) + rank * run.inner
                        guard let index = Literal.index(gradients.outputs[1][place], below: run.count) else {
                            continue
                        }
                        gradients.operands[0]?[run.start(line) + index * run.inner] += gradients.output[place]
                    }
                }
            }
            let op = PlainOperator(
                outputs: [run.shape(count), run.shape(count)],
                scratch: run.count,
                backward: backward
            ) { memory in
                for line in 0..<run.lines {
                    let source = memory.inputs[0] + run.start(line)
                    // Indices, in the order of their elements: selection of one after the other keeps equal ones in order.
                    for index in 0..<run.count { memory.scratch[index] = 0 }
                    for rank in 0..<count {
                        var best = -1
                        for index in 0..<run.count where memory.scratch[index] == 0 {
                            let element = source[index * run.inner]
                            if best < 0
                                || (isLargest
                                    ? element > source[best * run.inner] : element < source[best * run.inner])
                            {
                                best = index
                            }
                        }
                        memory.scratch[best] = 1
                        let place = run.start(line, of: count) + rank * run.inner
                        memory.outputs[0][place] = source[best * run.inner]
                        memory.outputs[1][place] = Float(best)
                    }
                }
            }
            let outputs = try context.lowering.emit(op, run.x.value)
            return [
                context.result(outputs[0], like: run.x),
                context.result(outputs[1], like: run.x, type: .int64),
            ]
        },
        "CumSum": OperatorDefinition(known: .only([1])) { context in
            let x = try context.runtime(context.node.operand(0))
            let axis = try context.node.literal(1)?.integers.first ?? 0
            let run = try AxisRun(context, x, axis: context.node.axis(axis, rank: x.rank))
            let isExclusive = context.node.integer("exclusive", default: 0) != 0
            let isReversed = context.node.integer("reverse", default: 0) != 0
            // Each element adds to the sums from its own on, so that its gradient sums theirs.
            let backward = PlainOperator.Backward([0], reads: []) { gradients in
                for line in 0..<run.lines {
                    var sum: Float = 0
                    for step in (0..<run.count).reversed() {
                        let index = isReversed ? run.count - 1 - step : step
                        let place = run.start(line) + index * run.inner, gradient = gradients.output[place]
                        gradients.operands[0]?[place] += isExclusive ? sum : sum + gradient
                        sum += gradient
                    }
                }
            }
            let op = PlainOperator(outputs: [run.x.value.shape], backward: backward) { memory in
                for line in 0..<run.lines {
                    var sum: Float = 0
                    for step in 0..<run.count {
                        let index = isReversed ? run.count - 1 - step : step
                        let place = run.start(line) + index * run.inner, element = memory.inputs[0][place]
                        memory.outputs[0][place] = isExclusive ? sum : sum + element
                        sum += element
                    }
                }
            }
            return [context.result(try context.lowering.emit(op, run.x.value)[0], like: run.x)]
        },
        "Softmax": OperatorDefinition { try softmax($0, isLogarithm: false) },
        "LogSoftmax": OperatorDefinition { try softmax($0, isLogarithm: true) },
        "Hardmax": OperatorDefinition { context in
            let x = try context.runtime(context.node.operand(0))
            let axis = context.node.version < 13 ? 1 : -1
            let run = try AxisRun(context, x, axis: context.node.axis(default: axis, rank: x.rank))
            let op = PlainOperator(outputs: [run.x.value.shape], backward: .constant([0])) { memory in
                for line in 0..<run.lines {
                    let source = memory.inputs[0] + run.start(line),
                        target = memory.outputs[0] + run.start(line)
                    var best = 0
                    for index in 1..<max(run.count, 1)
                    where source[index * run.inner] > source[best * run.inner] {
                        best = index
                    }
                    for index in 0..<run.count { target[index * run.inner] = index == best ? 1 : 0 }
                }
            }
            return [context.result(try context.lowering.emit(op, run.x.value)[0], like: run.x)]
        },
        "LpNormalization": OperatorDefinition { context in
            var x = try context.runtime(context.node.operand(0))
            let axis = try context.node.axis(default: -1, rank: x.rank)
            if axis == 0 { x = try context.explicit(x, mixes: true) }
            let axes = [x.place(of: axis) ?? 0], isFirst = context.node.integer("p", default: 2) == 1
            let norm =
                isFirst
                ? try context.lowering.sum(context.lowering.abs(x.value), axes: axes, keepDims: true)
                : try context.lowering.sqrt(
                    context.lowering.sum(context.lowering.square(x.value), axes: axes, keepDims: true)
                )
            // Where all is 0, it stays 0.
            let divisor = try context.lowering.maximum(norm, .leastNormalMagnitude)
            return [context.result(try context.lowering.divide(x.value, divisor), like: x)]
        },
        "MeanVarianceNormalization": OperatorDefinition { context in
            var x = try context.runtime(context.node.operand(0))
            let given = context.node.integers("axes") ?? [0, 2, 3]
            let axes = try Set(given.map { try context.node.axis($0, rank: x.rank) }).sorted()
            if axes.contains(0) { x = try context.explicit(x, mixes: true) }
            let places = axes.compactMap { x.place(of: $0) }
            let distances = try context.lowering.subtract(
                x.value,
                context.lowering.mean(x.value, axes: places, keepDims: true)
            )
            let deviation = try context.lowering.sqrt(
                context.lowering.mean(context.lowering.square(distances), axes: places, keepDims: true)
            )
            let divisor = try context.lowering.add(deviation, 1e-9)
            return [context.result(try context.lowering.divide(distances, divisor), like: x)]
        },
    ]

    private static let squares: @Sendable ([Double]) -> Double = { $0.reduce(0) { $0 + $1 * $1 } }

    private static func reduction(
        _ fold: @escaping @Sendable ([Double]) -> Double,
        _ emit: @escaping @Sendable (NodeContext, Value, [Int], Bool) throws -> Value
    ) -> OperatorDefinition {
        OperatorDefinition(
            known: .only([1]),
            evaluate: { node, literals in
                guard let x = literals[0] else { return nil }
                guard let axes = try reducedAxes(node, x.dims.count) else { return [x] }
                return [try reduced(x, axes, node.integer("keepdims", default: 1) != 0, fold)]
            }
        ) { context in
            var x = try context.runtime(context.node.operand(0))
            guard let axes = try reducedAxes(context.node, x.rank), x.rank > 0 else { return [x] }
            if axes.contains(0) { x = try context.explicit(x, mixes: true) }
            let keepsAxes = context.node.integer("keepdims", default: 1) != 0
            let places = axes.compactMap { x.place(of: $0) }
            let value = try emit(context, x.value, places, keepsAxes)
            return [context.reduced(value, of: x, axes, keepsAxes: keepsAxes)]
        }
    }

    /// The axes that are reduced; `nil` for none at all.
    private static func reducedAxes(_ node: ONNXNode, _ rank: Int) throws -> [Int]? {
        let given = try node.integers(1, orAttribute: "axes") ?? []
        if given.isEmpty {
            return node.integer("noop_with_empty_axes", default: 0) != 0 ? nil : Array(0..<rank)
        }
        return try Set(given.map { try node.axis($0, rank: rank) }).sorted()
    }

    private static func reduced(
        _ x: Literal,
        _ axes: [Int],
        _ keepsAxes: Bool,
        _ fold: ([Double]) -> Double
    ) throws -> Literal {
        let strides = Literal.strides(x.dims), others = x.dims.indices.filter { !axes.contains($0) }
        let dims = x.dims.indices.compactMap { axis in
            axes.contains(axis) ? (keepsAxes ? 1 : nil) : x.dims[axis]
        }
        // Of what has no elements there may be any number of sums.
        guard Shape(dims).elementCount <= max(x.count, Literal.countLimit) else {
            throw ConvNetError(
                .argument,
                "A constant is too large",
                expected: "at most \(Literal.countLimit) elements",
                received: "\(dims)"
            )
        }
        let inner = x.count == 0 ? [] : Literal.places(axes.map { x.dims[$0] }, axes.map { strides[$0] })
        let outer = Literal.places(others.map { x.dims[$0] }, others.map { strides[$0] })
        return Literal(x.type, dims, outer.map { start in fold(inner.map { x.numbers[start + $0] }) })
    }

    private static func extreme(
        _ context: NodeContext,
        _ isBetter: @escaping @Sendable (Float, Float) -> Bool
    ) throws -> [ONNXValue] {
        let x = try context.runtime(context.node.operand(0))
        let axis = try context.node.axis(default: 0, rank: x.rank)
        let run = try AxisRun(context, x, axis: axis)
        guard run.count > 0 else { throw context.node.unsupported("An axis without elements") }
        let takesLast = context.node.integer("select_last_index", default: 0) != 0
        let op = PlainOperator(outputs: [run.shape(1)], backward: .constant([0])) { memory in
            for line in 0..<run.lines {
                let source = memory.inputs[0] + run.start(line)
                var best = 0
                for index in 1..<max(run.count, 1) {
                    let element = source[index * run.inner], other = source[best * run.inner]
                    if isBetter(element, other) || takesLast && element == other { best = index }
                }
                memory.outputs[0][run.start(line, of: 1)] = Float(best)
            }
        }
        let value = try context.lowering.emit(op, run.x.value)[0]
        guard context.node.integer("keepdims", default: 1) == 0 else {
            return [context.result(value, like: run.x, type: .int64)]
        }
        let place = run.x.place(of: axis) ?? 0
        let rest = value.shape.enumerated().filter { $0.offset != place }.map(\.element)
        let squeezed = try context.lowering.view(value, as: Shape(rest))
        return [context.reduced(squeezed, of: run.x, [axis], keepsAxes: false).typed(.int64)]
    }

    private static func softmax(_ context: NodeContext, isLogarithm: Bool) throws -> [ONNXValue] {
        var x = try context.runtime(context.node.operand(0))
        let isOld = context.node.version < 13
        let axis = try context.node.axis(default: isOld ? 1 : -1, rank: x.rank)
        if axis == 0 { x = try context.explicit(x, mixes: true) }
        // Older versions take all axes from this one on as one.
        if isOld, x.dims[(axis + 1)...].contains(where: { $0 != 1 }) { x = try context.plain(x) }
        let place = x.place(of: axis) ?? 0
        let end = isOld && x.order.isPlain ? x.value.shape.rank : place + 1
        if end == place + 1 {
            let value =
                isLogarithm
                ? try context.lowering.logSoftmax(x.value, axis: place)
                : try context.lowering.softmax(x.value, axis: place)
            return [context.result(value, like: x)]
        }
        let op = SoftmaxAlong(axes: place..<end, isLogarithm: isLogarithm)
        return [context.result(try context.lowering.emit(op, x.value)[0], like: x)]
    }
}

extension NodeContext {
    /// The form of a result without some axes, or with those of size 1.
    func reduced(_ value: Value, of x: ONNXValue, _ axes: [Int], keepsAxes: Bool) -> ONNXValue {
        guard !keepsAxes else { return result(value, like: x) }
        let order = x.order.filter { !axes.contains($0) }.map { axis in axis - axes.filter { $0 < axis }.count
        }
        return ONNXValue(value, x.type, order: order, impliesFirstAxis: x.impliesFirstAxis)
    }
}
