import Foundation

/// Pooling over windows and over whole images.
enum Pooling {
    static let table: [String: OperatorDefinition] = [
        "MaxPool": OperatorDefinition { context in
            let needsIndices = context.node.layer.outputCount > 1
            return try context.eachSample(context.node.operand(0)) { image in
                let x = try context.arranged(image, .channelsLast(image.rank))
                let sizes = Array(x.value.shape.dropLast())
                let window = try WindowSettings(context.node, sizes: sizes)
                let roundsUp = context.node.integer("ceil_mode", default: 0) != 0
                let places = window.places(sizes, roundsUp: roundsUp)
                if !needsIndices, window.dilations.allSatisfy({ $0 == 1 }),
                    places == window.places(sizes, roundsUp: false), sizes.count <= 3
                {
                    let pool = Pool(.maximum, of: .window(window.window, window.sliding))
                    let image = try context.cut(x.value, for: window)
                    return [context.result(try context.lowering.emit(pool, image)[0], like: x)]
                }
                let walk = try WindowWalk(x.value.shape, window, places)
                // The gradient goes to the first of the largest elements; `nil` under a window that lies in the border.
                @Sendable func largest(_ image: UnsafePointer<Float>, under place: Int) -> Int? {
                    var best: Int?
                    walk.forEachElement(under: place) { element in
                        if best.map({ image[element] > image[$0] }) ?? true { best = element }
                    }
                    return best
                }
                let backward = PlainOperator.Backward([0]) { gradients in
                    for place in 0..<walk.count {
                        guard let element = largest(gradients.inputs[0], under: place) else { continue }
                        gradients.operands[0]?[element] += gradients.output[place]
                    }
                }
                let op = PlainOperator(outputs: [walk.output, walk.output], backward: backward) { memory in
                    for place in 0..<walk.count {
                        let best = largest(memory.inputs[0], under: place)
                        memory.outputs[0][place] = best.map { memory.inputs[0][$0] } ?? -.infinity
                        memory.outputs[1][place] = Float(walk.index(of: best ?? 0))
                    }
                }
                let outputs = try context.lowering.emit(op, x.value)
                guard needsIndices else { return [context.result(outputs[0], like: x)] }
                guard context.node.integer("storage_order", default: 0) == 0 else {
                    throw context.node.unsupported("Indices by columns")
                }
                return [
                    context.result(outputs[0], like: x),
                    context.result(outputs[1], like: x, type: .int64),
                ]
            }
        },
        "AveragePool": OperatorDefinition { context in
            try context.eachSample(context.node.operand(0)) { image in
                let x = try context.arranged(image, .channelsLast(image.rank))
                let sizes = Array(x.value.shape.dropLast())
                let window = try WindowSettings(context.node, sizes: sizes)
                let roundsUp = context.node.integer("ceil_mode", default: 0) != 0
                let places = window.places(sizes, roundsUp: roundsUp)
                let countsBorder = context.node.integer("count_include_pad", default: 0) != 0
                let hasBorder = (window.before + window.after).contains { $0 != 0 }
                let isWhole = places == window.places(sizes, roundsUp: false)
                // The kernel counts what lies within the image.
                if isWhole, !(countsBorder && hasBorder), window.dilations.allSatisfy({ $0 == 1 }) {
                    let pool = Pool(.mean, of: .window(window.window, window.sliding))
                    let image = try context.cut(x.value, for: window)
                    return [context.result(try context.lowering.emit(pool, image)[0], like: x)]
                }
                let walk = try WindowWalk(x.value.shape, window, places)
                @Sendable func share(_ place: Int) -> Float {
                    1 / Float(max(countsBorder ? walk.covered(place) : walk.elementCount(under: place), 1))
                }
                let backward = PlainOperator.Backward([0], reads: []) { gradients in
                    for place in 0..<walk.count {
                        let gradient = gradients.output[place] * share(place)
                        walk.forEachElement(under: place) { gradients.operands[0]?[$0] += gradient }
                    }
                }
                let op = PlainOperator(outputs: [walk.output], backward: backward) { memory in
                    for place in 0..<walk.count {
                        var sum: Float = 0
                        walk.forEachElement(under: place) { sum += memory.inputs[0][$0] }
                        memory.outputs[0][place] = sum * share(place)
                    }
                }
                return [context.result(try context.lowering.emit(op, x.value)[0], like: x)]
            }
        },
        "LpPool": OperatorDefinition { context in
            let p = try power(context.node)
            return try context.eachSample(context.node.operand(0)) { image in
                let x = try context.arranged(image, .channelsLast(image.rank))
                let sizes = Array(x.value.shape.dropLast())
                let window = try WindowSettings(context.node, sizes: sizes)
                let roundsUp = context.node.integer("ceil_mode", default: 0) != 0
                let walk = try WindowWalk(x.value.shape, window, window.places(sizes, roundsUp: roundsUp))
                let backward = PlainOperator.Backward([0], reads: [.inputs, .output]) { gradients in
                    for place in 0..<walk.count where gradients.outputs[0][place] > 0 {
                        let factor = gradients.output[place] * pow(gradients.outputs[0][place], 1 - p)
                        walk.forEachElement(under: place) { element in
                            let x = gradients.inputs[0][element]
                            let slope = p == 1 ? 1 : pow(abs(x), p - 1)
                            gradients.operands[0]?[element] += factor * (x < 0 ? -slope : slope)
                        }
                    }
                }
                let op = PlainOperator(outputs: [walk.output], backward: backward) { memory in
                    for place in 0..<walk.count {
                        var sum: Float = 0
                        walk.forEachElement(under: place) { sum += pow(abs(memory.inputs[0][$0]), p) }
                        memory.outputs[0][place] = pow(sum, 1 / p)
                    }
                }
                return [context.result(try context.lowering.emit(op, x.value)[0], like: x)]
            }
        },
        "GlobalAveragePool": OperatorDefinition { try global($0, .mean) },
        "GlobalMaxPool": OperatorDefinition { try global($0, .maximum) },
        "GlobalLpPool": OperatorDefinition { context in
            let x = try context.runtime(context.node.operand(0))
            let axes = try context.sizePlaces(of: x), p = try power(context.node)
            let powers = try context.lowering.power(context.lowering.abs(x.value), p)
            let sum = try context.lowering.sum(powers, axes: axes, keepDims: true)
            return [context.result(try context.lowering.power(sum, 1 / p), like: x)]
        },
        "MaxUnpool": OperatorDefinition(known: .only([2])) { context in
            let x = try context.entire(context.node.operand(0))
            let indices = try context.entire(context.node.operand(1))
            try context.require(indices, "indices", is: x.dims)
            let sizes = Array(x.dims.dropFirst(2))
            let window = try WindowSettings(context.node, sizes: sizes)
            let own = sizes.indices.map {
                (sizes[$0] - 1) * window.strides[$0] + window.window[$0] - window.before[$0]
                    - window.after[$0]
            }
            let channels = Array(x.dims.prefix(2))
            // Checked before anything is multiplied: both shapes are the file's.
            let smallest = try Shape(channels + own).validated(as: "output", minimum: 1)
            let dims = try context.node.literal(2)?.integers ?? smallest.dimensions
            let count = try Shape(dims).validated(as: "output", minimum: 1).elementCount
            guard dims.count == x.rank, Array(dims.prefix(2)) == channels else {
                throw context.node.unsupported("An output of shape \(dims), of \(x.dims),")
            }
            let images = channels.reduce(1, *), elements = x.dims.reduce(1, *)
            // Indices are those of the smallest output, as MaxPool has counted them.
            let plane = own.reduce(1, *), target = dims.dropFirst(2).reduce(1, *)
            let strides = Literal.strides(Array(dims.dropFirst(2))), inner = Literal.strides(own)
            /// Where an index puts its element; `nil` if that is nowhere.
            @Sendable func element(_ number: Float) -> Int? {
                guard let index = Literal.index(number, below: images * plane) else { return nil }
                var element = index / plane * target
                for axis in own.indices {
                    element += index % plane / inner[axis] % own[axis] * strides[axis]
                }
                return element < count ? element : nil
            }
            let backward = PlainOperator.Backward([0, 1]) { gradients in
                for place in 0..<elements {
                    guard let source = element(gradients.inputs[1][place]) else { continue }
                    gradients.operands[0]?[place] += gradients.output[source]
                }
            }
            let op = PlainOperator(outputs: [Shape(dims)], backward: backward) { memory in
                memory.outputs[0].update(repeating: 0, count: count)
                for place in 0..<elements {
                    guard let target = element(memory.inputs[1][place]) else { continue }
                    memory.outputs[0][target] = memory.inputs[0][place]
                }
            }
            return [context.result(try context.lowering.emit(op, x.value, indices.value)[0], x.type)]
        },
    ]

    /// The power of a norm.
    private static func power(_ node: ONNXNode) throws -> Float {
        let p = node.integer("p", default: 2)
        guard p >= 1 else { throw node.unsupported("A norm of power \(p)") }
        return Float(p)
    }

    private static func global(_ context: NodeContext, _ rule: Pool.Rule) throws -> [ONNXValue] {
        let x = try context.runtime(context.node.operand(0)), axes = try context.sizePlaces(of: x)
        if x.impliesFirstAxis, x.order == .channelsLast(x.rank), (3...5).contains(x.rank) {
            return [
                context.result(try context.lowering.emit(Pool(rule, of: .everything), x.value)[0], like: x)
            ]
        }
        let value =
            rule == .mean
            ? try context.lowering.mean(x.value, axes: axes, keepDims: true)
            : try context.lowering.max(x.value, axes: axes, keepDims: true)
        return [context.result(value, like: x)]
    }
}
