/// Operators that take tensors apart, put them together and stretch them.
enum Parts {
    static let table: [String: OperatorDefinition] = [
        "Concat": OperatorDefinition(evaluate: { node, literals in
            let given = literals.compactMap { $0 }
            // What has no elements adds none, whatever its shape.
            let filled = given.filter { $0.count > 0 }, all = filled.isEmpty ? given : filled
            guard let first = all.first else { return nil }
            let axis = try node.axis(default: 1, rank: first.dims.count)
            let dims = try joined(all.map(\.dims), along: axis)
            guard !dims.contains(0) else { return [Literal(first.type, dims, [])] }
            let outer = dims[..<axis].reduce(1, *)
            let numbers = (0..<outer).flatMap { row in
                all.flatMap { part in
                    let width = part.count / outer
                    return part.numbers[(row * width)..<((row + 1) * width)]
                }
            }
            return [Literal(first.type, dims, numbers)]
        }) { context in
            let operands = context.node.operands.compactMap { $0 }.filter { !$0.dims.contains(0) }
            guard let first = operands.first else { throw context.node.unsupported("Nothing to join") }
            let axis = try context.node.axis(default: 1, rank: first.rank)
            _ = try joined(operands.map(\.dims), along: axis)
            let order = operands.first { !$0.order.isPlain }?.order ?? first.order
            let implies =
                axis > 0 && order.first == 0 && operands.allSatisfy { $0.impliesFirstAxis || $0.dims[0] == 1 }
            let parts = try operands.map { operand in
                implies
                    ? try context.arranged(context.implied(operand), order)
                    : try context.arranged(context.explicit(operand, mixes: axis == 0), order)
            }
            let place = parts[0].place(of: axis) ?? 0
            let joined = try context.lowering.emit(Join(axis: place), parts.map(\.value))[0]
            return [context.result(joined, like: parts[0])]
        },
        "Split": OperatorDefinition(
            known: .only([1]),
            evaluate: { node, literals in
                guard let x = literals[0] else { return nil }
                let axis = try node.axis(default: 0, rank: x.dims.count)
                let given = literals[1]?.integers ?? node.integers("split")
                var start = 0
                return try splitSizes(x.dims[axis], given, node).map { size in
                    defer { start += size }
                    return sliced(x, [(axis, start, 1, size)])
                }
            }
        ) { context in
            var x = try context.runtime(context.node.operand(0))
            let axis = try context.node.axis(default: 0, rank: x.rank)
            if axis == 0 { x = try context.explicit(x, mixes: true) }
            let given = try context.node.integers(1, orAttribute: "split")
            let sizes = try splitSizes(x.dims[axis], given, context.node)
            let split = Split(axis: x.place(of: axis) ?? 0, sizes: sizes.filter { $0 > 0 })
            var parts = try context.lowering.emit(split, x.value)[...]
            return try sizes.map { size in
                if size > 0, let part = parts.popFirst() { return context.result(part, like: x) }
                // A part without elements is known, and its shape has no batch.
                _ = try context.explicit(x)
                let dims = x.dims.enumerated().map { $0.offset == axis ? 0 : $0.element }
                return try context.lowering.literal(Literal(x.type, dims, []))
            }
        },
        "Slice": OperatorDefinition(
            known: .from(1),
            evaluate: { node, literals in
                guard let x = literals[0] else { return nil }
                return [sliced(x, try slices(node, x.dims))]
            }
        ) { context in
            var x = try context.runtime(context.node.operand(0))
            let dims = x.dims, slices = try slices(context.node, dims)
            let changed = slices.filter { $0.start != 0 || $0.step != 1 || $0.count != dims[$0.axis] }
            if try changed.contains(where: { $0.axis == 0 }) || cutsBatch(context.node, x) {
                x = try context.explicit(x, mixes: true)
            }
            guard !changed.isEmpty else { return [x] }
            if changed.contains(where: { $0.count == 0 }) {
                // The shape of a constant has no batch.
                _ = try context.explicit(x)
                let empty = slices.reduce(into: dims) { $0[$1.axis] = $1.count }
                return [try context.lowering.literal(Literal(x.type, empty, []))]
            }
            var starts = x.value.shape.map { _ in 0 }, counts = x.value.shape.dimensions,
                steps = starts.map { _ in 1 }
            for slice in changed {
                guard let place = x.place(of: slice.axis) else { continue }
                (starts[place], counts[place], steps[place]) = (slice.start, slice.count, slice.step)
            }
            let part = try context.lowering.slice(
                x.value,
                startIndices: starts,
                shape: Shape(counts),
                steps: steps
            )
            return [context.result(part, like: x)]
        },
        "Expand": OperatorDefinition(
            known: .only([1]),
            evaluate: { node, literals in
                guard let x = literals[0], let target = literals[1]?.integers else { return nil }
                let dims = try Literal.checked(NodeContext.stretchedDims([x.dims, target]), as: "shape")
                guard Shape(dims).elementCount <= Literal.countLimit else { return nil }
                return [x.gathered(dims, Literal.places(dims, Literal.stretched(x.dims, to: dims)))]
            }
        ) { context in
            let x = try context.node.operand(0)
            let target = try context.node.literal(1)?.integers ?? []
            let dims = try Literal.checked(NodeContext.stretchedDims([x.dims, target]), as: "shape")
            var wide =
                x.rank == dims.count
                ? x
                : try context.viewed(
                    context.explicit(x),
                    as: Array(repeating: 1, count: dims.count - x.rank) + x.dims
                )
            if dims.first != wide.dims.first { wide = try context.explicit(wide, mixes: true) }
            return [
                try context.tiled(context.plain(wide), zip(dims, wide.dims).map { $1 == 0 ? 1 : $0 / $1 })
            ]
        },
        "Tile": OperatorDefinition(
            known: .from(1),
            evaluate: { node, literals in
                guard let x = literals[0], let repeats = literals[1]?.integers, repeats.count == x.dims.count
                else { return nil }
                // The count of a shape of two sizes is their product, or the largest number.
                let dims = try Literal.checked(
                    zip(x.dims, repeats).map { Shape([$0, $1]).elementCount },
                    as: "repeats"
                )
                guard Shape(dims).elementCount <= Literal.countLimit else { return nil }
                guard !dims.contains(0) else { return [x.gathered(dims, [])] }
                let strides = Literal.strides(x.dims)
                var places = [0]
                for axis in dims.indices {
                    places = places.flatMap { start in
                        (0..<dims[axis]).map { start + $0 % x.dims[axis] * strides[axis] }
                    }
                }
                return [x.gathered(dims, places)]
            }
        ) { context in
            let x = try context.plain(context.node.operand(0))
            let repeats = try context.node.literal(1)?.integers ?? []
            guard repeats.count == x.rank else {
                throw context.node.unsupported("\(repeats) repeats of \(x.dims)")
            }
            return [try context.tiled(repeats.first == 1 ? x : context.explicit(x, mixes: true), repeats)]
        },
        "Trilu": OperatorDefinition(known: .only([1]), evaluate: nil) { context in
            let x = try context.entire(context.node.operand(0)), dims = x.dims
            guard dims.count >= 2 else { throw context.node.unsupported("A shape of \(dims.count) axes") }
            let shift = try context.node.literal(1)?.integers.first ?? 0
            let isUpper = context.node.integer("upper", default: 1) != 0
            let columns = dims[dims.count - 1], rows = dims[dims.count - 2]
            @Sendable func isKept(_ place: Int) -> Bool {
                let distance = place % columns - place / columns % rows
                return isUpper ? distance >= shift : distance <= shift
            }
            let count = Shape(dims).elementCount
            let backward = PlainOperator.Backward([0], reads: []) { gradients in
                for place in 0..<count where isKept(place) {
                    gradients.operands[0]?[place] += gradients.output[place]
                }
            }
            let op = PlainOperator(outputs: [Shape(dims)], backward: backward) { memory in
                for place in 0..<count {
                    memory.outputs[0][place] = isKept(place) ? memory.inputs[0][place] : 0
                }
            }
            return [context.result(try context.lowering.emit(op, x.value)[0], x.type)]
        },
    ]

    /// A part of an axis.
    typealias AxisSlice = (axis: Int, start: Int, step: Int, count: Int)

    /// The shape of tensors that are joined along an axis.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if they differ along another one, or are too large together.
    private static func joined(_ shapes: [[Int]], along axis: Int) throws -> [Int] {
        let first = shapes.first ?? []
        let fit = shapes.allSatisfy { shape in
            shape.count == first.count && first.indices.allSatisfy { $0 == axis || shape[$0] == first[$0] }
        }
        guard fit else {
            throw ConvNetError(
                .shape,
                "Tensors that are joined have other sizes",
                expected: "equal sizes along every axis but \(axis)",
                received: "\(shapes)"
            )
        }
        var dims = first
        for shape in shapes.dropFirst() {
            let (sum, overflow) = dims[axis].addingReportingOverflow(shape[axis])
            dims[axis] = overflow ? .max : sum
        }
        return try Literal.checked(dims, as: "output")
    }

    private static func splitSizes(_ size: Int, _ given: [Int]?, _ node: ONNXNode) throws -> [Int] {
        if let given {
            // A sum that is too large stays so, and does not grow without end.
            let sum = given.reduce(0) { min($0, size + 1) + min(max($1, 0), size + 1) }
            guard given.allSatisfy({ (0...size).contains($0) }), sum == size else {
                throw ConvNetError(
                    .shape,
                    "The parts are not the whole",
                    expected: "\(size)",
                    received: "\(given)"
                )
            }
            return given
        }
        let count = node.integer("num_outputs", default: node.layer.outputCount)
        guard (1...Literal.countLimit).contains(count) else {
            throw ConvNetError(
                .format,
                "There is no such number of parts",
                at: "num_outputs",
                expected: "1...\(Literal.countLimit)",
                received: "\(count)"
            )
        }
        let share = (size + count - 1) / count
        return (0..<count).map { min(share, max(size - $0 * share, 0)) }
    }

    /// What a Slice takes of each axis that it names, with the rules of Python for what lies beyond an end.
    private static func slices(_ node: ONNXNode, _ dims: [Int]) throws -> [AxisSlice] {
        let starts = try node.integers(1, orAttribute: "starts") ?? []
        let ends = try node.integers(2, orAttribute: "ends") ?? []
        let axes = try node.integers(3, orAttribute: "axes") ?? Array(starts.indices)
        let steps = try node.literal(4)?.integers ?? starts.map { _ in 1 }
        guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count,
            steps.allSatisfy({ $0 != 0 && $0 != .min })
        else { throw ConvNetError(.format, "A slice has a start, an end and a step for each axis") }
        let places = try axes.map { try node.axis($0, rank: dims.count) }
        guard Set(places).count == places.count else {
            throw ConvNetError(
                .format,
                "A slice names an axis twice",
                at: "axes",
                expected: "each axis of \(dims) at most once",
                received: "\(axes)"
            )
        }
        return places.indices.map { index in
            let axis = places[index], size = dims[axis], step = steps[index]
            func place(_ number: Int) -> Int {
                let place = number < 0 ? number.addingReportingOverflow(size).partialValue : number
                return step > 0 ? min(max(place, 0), size) : min(max(place, -1), size - 1)
            }
            let start = place(starts[index])
            // The smallest number is no place: it means that nothing is left out.
            let end = ends[index] < -size ? (step > 0 ? 0 : -1) : place(ends[index])
            let way = step > 0 ? end - start : start - end
            return (axis, start, step, way <= 0 ? 0 : (way - 1) / abs(step) + 1)
        }
    }

    /// Whether a slice takes some samples of a batch whose size is not the file's: what is left of one sample says nothing then.
    private static func cutsBatch(_ node: ONNXNode, _ x: ONNXValue) throws -> Bool {
        guard x.impliesFirstAxis, node.layer.samples == .strict || node.layer.samples == .open else {
            return false
        }
        let ends = try node.integers(2, orAttribute: "ends") ?? []
        let axes = try node.integers(3, orAttribute: "axes") ?? Array(ends.indices)
        guard let place = try axes.firstIndex(where: { try node.axis($0, rank: x.rank) == 0 }) else {
            return false
        }
        let isWhole = ends[place] >= Int(Int32.max) || node.layer.samples == .open && ends[place] == 1
        return !isWhole
    }

    static func sliced(_ x: Literal, _ slices: [AxisSlice]) -> Literal {
        var dims = x.dims, strides = Literal.strides(x.dims), first = 0
        for slice in slices {
            // Strides are of no meaning where there are no elements, and may be of any size.
            first &+= slice.count > 0 ? slice.start &* strides[slice.axis] : 0
            dims[slice.axis] = slice.count
            strides[slice.axis] = slice.count > 1 ? strides[slice.axis] &* slice.step : strides[slice.axis]
        }
        return x.gathered(dims, Literal.places(dims, strides, from: first))
    }
}

extension NodeContext {
    /// Refuses an output that this machine has no memory for: a few bytes of a file can ask for any size.
    ///
    /// - Throws: `ConvNetError` of kind `environment`; of kind `shape` if there is no such shape.
    func requireMemory(_ dims: [Int]) throws {
        _ = try Literal.checked(dims, as: "output")
        let byteCount = Shape(dims + [MemoryLayout<Float>.stride]).elementCount
        try MemoryCheck.require(byteCount, for: "the output of \(node.layer.operatorType)")
    }

    /// A value several times along each axis, as ONNX counts them.
    func tiled(_ x: ONNXValue, _ repeats: [Int]) throws -> ONNXValue {
        guard repeats.contains(where: { $0 != 1 }) else { return x }
        let own = x.impliesFirstAxis ? Array(repeats.dropFirst()) : repeats
        guard own.count == x.value.shape.rank else {
            throw node.unsupported("\(repeats) repeats of \(x.dims)")
        }
        try requireMemory(zip(x.value.shape, own).map { Shape([$0, $1]).elementCount })
        return result(try lowering.tile(x.value, repeats: own), like: x)
    }
}
