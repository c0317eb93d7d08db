import Foundation

/// Normalisations, and what scales channels.
enum Normalizations {
    static let table: [String: OperatorDefinition] = [
        "BatchNormalization": OperatorDefinition(
            weights: [
                1: OperatorDefinition.asIs, 2: OperatorDefinition.asIs, 3: OperatorDefinition.asIs,
                4: OperatorDefinition.asIs,
            ],
            whole: [1, 2, 3, 4],
            states: [3, 4]
        ) { context in
            let node = context.node
            guard node.integer("spatial", default: 1) != 0 else { throw node.unsupported("spatial = 0") }
            // Statistics that are no parameters cannot move.
            let canLearn = node.layer.operands.dropFirst(3).allSatisfy {
                if case .parameter = $0 { true } else { false }
            }
            let normalize = NormalizeBatch(
                momentum: min(max(node.number("momentum", default: 0.9), 0), 1),
                epsilon: node.number("epsilon", default: 1e-5),
                scales: true,
                centers: true,
                usesBatchStatistics: canLearn && context.lowering.mode == .training
                    && !context.lowering.isFrozen
            )
            let image = try context.runtime(node.operand(0))
            let x = try context.arranged(image, .channelsLast(image.rank))
            let channels = x.value.shape.last ?? 1
            let operands = try (1...4).map { try context.row(node.operand($0), of: channels) }
            return [context.result(try context.lowering.emit(normalize, [x.value] + operands)[0], like: x)]
        },
        "InstanceNormalization": OperatorDefinition(
            weights: [1: OperatorDefinition.asIs, 2: OperatorDefinition.asIs],
            whole: [1, 2]
        ) { context in
            try context.eachSample(context.node.operand(0)) { image in
                let x = try context.arranged(image, .channelsLast(image.rank))
                let channels = try context.channels(of: x)
                let op = SampleNormalization(
                    .deviation,
                    over: .channels(channels),
                    epsilon: context.node.number("epsilon", default: 1e-5),
                    scales: true,
                    centers: true
                )
                let rows = try (1...2).map { try context.row(context.node.operand($0), of: channels) }
                return [context.result(try context.lowering.emit(op, [x.value] + rows)[0], like: x)]
            }
        },
        "GroupNormalization": OperatorDefinition(
            weights: [1: OperatorDefinition.asIs, 2: OperatorDefinition.asIs],
            whole: [1, 2]
        ) { context in
            let groups = context.node.integer("num_groups", default: 1)
            return try context.eachSample(context.node.operand(0)) { image in
                let x = try context.arranged(image, .channelsLast(image.rank))
                let channels = try context.channels(of: x)
                guard groups >= 1, channels.isMultiple(of: groups) else {
                    throw context.node.unsupported("A division of \(channels) channels into \(groups) groups")
                }
                let op = SampleNormalization(
                    .deviation,
                    over: .channels(groups),
                    epsilon: context.node.number("epsilon", default: 1e-5),
                    scales: true,
                    centers: true
                )
                // Before version 21 there is a factor for each group.
                let rows = try (1...2).map { index in
                    let factors = try context.node.operand(index)
                    guard factors.dims == [groups], groups != channels else {
                        return try context.row(factors, of: channels)
                    }
                    let row = try context.row(factors, of: groups)
                    return try context.lowering.repeated(row, repeats: channels / groups, axis: 0)
                }
                return [context.result(try context.lowering.emit(op, [x.value] + rows)[0], like: x)]
            }
        },
        "LayerNormalization": OperatorDefinition(
            weights: [1: OperatorDefinition.asIs, 2: OperatorDefinition.asIs]
        ) { try rows($0, .deviation) },
        "RMSNormalization": OperatorDefinition(weights: [1: OperatorDefinition.asIs]) {
            try rows($0, .rootMeanSquare)
        },
        "LRN": OperatorDefinition { context in
            let alpha = context.node.number("alpha", default: 1e-4),
                beta = context.node.number("beta", default: 0.75)
            let bias = context.node.number("bias", default: 1),
                size = context.node.integer("size", default: 1)
            return try context.eachSample(context.node.operand(0)) { image in
                let x = try context.arranged(image, .channelsLast(image.rank))
                let channels = try context.channels(of: x), pixels = x.value.shape.elementCount / channels
                let window = NeighbouringChannels(
                    pixels: pixels,
                    channels: channels,
                    size: size,
                    alpha: alpha,
                    beta: beta,
                    bias: bias
                )
                let op = PlainOperator(
                    outputs: [x.value.shape],
                    scratch: channels,
                    backward: PlainOperator.Backward([0]) { window.runBack($0) }
                ) { window.run($0) }
                return [context.result(try context.lowering.emit(op, x.value)[0], like: x)]
            }
        },
        "PRelu": OperatorDefinition(weights: [1: OperatorDefinition.asIs]) { context in
            let image = try context.node.operand(0)
            var slope = try context.node.operand(1)
            // Before version 7 there is one for each channel.
            if slope.rank == 1, image.rank > 2, slope.dims[0] == image.dims[1], slope.dims[0] > 1,
                context.node.version < 7 || slope.dims[0] != image.dims.last
            {
                slope = try context.viewed(slope, as: slope.dims + Array(repeating: 1, count: image.rank - 2))
            }
            let operands = try context.stretchedToFirst([image, slope])
            let x = operands.values[0]
            // The slope times what is below 0, and what is above.
            let below = try context.lowering.minimum(x, 0)
            let scaled = try context.lowering.multiply(below, operands.values[1])
            let value = try context.lowering.add(context.lowering.relu(x), scaled)
            return [context.result(value, of: operands, .float)]
        },
        "Clip": OperatorDefinition(
            known: .from(1),
            evaluate: { node, literals in
                let (low, high) = try limits(node)
                return literals[0].map { x in
                    [
                        Literal(
                            x.type,
                            x.dims,
                            x.numbers.map { Swift.min(Swift.max($0, Double(low)), Double(high)) }
                        )
                    ]
                }
            }
        ) { context in
            let (low, high) = try limits(context.node)
            return try context.function { context, x in
                if low == 0, high == 6 { return try context.lowering.activate(x, .relu6) }
                if low == 0, high == .infinity { return try context.lowering.relu(x) }
                let raised = low == -.infinity ? x : try context.lowering.maximum(x, low)
                return high == .infinity ? raised : try context.lowering.minimum(raised, high)
            }
        },
    ]

    private static func limits(_ node: ONNXNode) throws -> (low: Float, high: Float) {
        (
            try node.literal(1)?.floats.first ?? node.number("min", default: -.infinity),
            try node.literal(2)?.floats.first ?? node.number("max", default: .infinity)
        )
    }

    /// A normalisation of rows of the last axes, from one on.
    private static func rows(_ context: NodeContext, _ statistic: SampleNormalization.Statistic) throws
        -> [ONNXValue]
    {
        var x = try context.plain(context.node.operand(0))
        let axis = try context.node.axis(default: -1, rank: x.rank)
        if axis == 0 { x = try context.explicit(x, mixes: true) }
        let axes = x.rank - axis, epsilon = context.node.number("epsilon", default: 1e-5)
        let row = Array(x.dims[axis...])
        let parameters = [context.node.optional(1), context.node.optional(2)].compactMap { $0 }
        let isPlain = parameters.allSatisfy { $0.dims == row && !$0.value.type.isBatched }
        let op = SampleNormalization(
            statistic,
            over: .rows(axes: axes),
            epsilon: epsilon,
            scales: isPlain && context.node.optional(1) != nil,
            centers: isPlain && context.node.optional(2) != nil
        )
        let own = isPlain ? try parameters.map { try context.plain($0).value } : []
        var y = context.result(try context.lowering.emit(op, [x.value] + own)[0], like: x)
        if !isPlain {
            for (index, parameter) in parameters.enumerated() {
                let operands = try context.stretchedToFirst([y, parameter])
                let value =
                    index == 0
                    ? try context.lowering.multiply(operands.values[0], operands.values[1])
                    : try context.lowering.add(operands.values[0], operands.values[1])
                y = context.result(value, of: operands, y.type)
            }
        }
        guard context.node.layer.outputCount > 1 else { return [y] }
        // The mean, and 1 divided by the deviation.
        let places = Array((x.value.shape.rank - axes)..<x.value.shape.rank)
        let mean = try context.lowering.mean(x.value, axes: places, keepDims: true)
        let square = try context.lowering.square(context.lowering.subtract(x.value, mean))
        let variance = try context.lowering.mean(square, axes: places, keepDims: true)
        let inverse = try context.lowering.rsqrt(context.lowering.add(variance, epsilon))
        return [y, context.result(mean, like: x), context.result(inverse, like: x)]
    }
}
