/// Layers of the catalogue for nodes whose meaning and weights allow it: summaries are read better, and training is Keras'.
enum Catalogue {
    /// The layer for a node.
    ///
    /// - Parameters:
    ///   - node: with its operands; weights are parameters.
    ///   - inputs: what it reads from other layers.
    /// - Returns: `nil` if there is none, or an input has no batch axis that is implied.
    static func layer(for node: ONNXOperator, _ inputs: [ONNXValue]) -> CatalogueLayer? {
        guard node.domain.isEmpty, node.outputCount == 1, let x = inputs.first, x.rank >= 2,
            inputs.allSatisfy({ $0.impliesFirstAxis && $0.value.type.isBatched && $0.type.isFloat })
        else { return nil }
        let reader = ONNXNode(layer: node, operands: [])
        switch node.operatorType {
        case "Conv": return convolution(reader, x)
        case "Gemm", "MatMul": return dense(reader, x)
        case "BatchNormalization": return normalization(reader, x)
        case "MaxPool", "AveragePool": return pooling(reader, x)
        case "GlobalAveragePool", "GlobalMaxPool": return globalPooling(reader, x)
        case "Add" where areAlike(inputs): return CatalogueLayer(layer: { Add(name: $0) }, order: x.order)
        case "Mul" where areAlike(inputs):
            return CatalogueLayer(layer: { Multiply(name: $0) }, order: x.order)
        default:
            guard let function = activation(reader, x) else { return nil }
            return CatalogueLayer(layer: { Activation(function, name: $0) }, order: x.order)
        }
    }

    /// Whether two inputs have one shape, in one order.
    private static func areAlike(_ inputs: [ONNXValue]) -> Bool {
        inputs.count == 2 && inputs[0].order == inputs[1].order && inputs[0].dims == inputs[1].dims
    }

    private static func activation(_ node: ONNXNode, _ x: ONNXValue) -> ActivationFunction? {
        switch node.layer.operatorType {
        case "Relu": .relu
        case "Sigmoid": .sigmoid
        case "Tanh": .tanh
        case "Softplus": .softplus
        case "Softsign": .softsign
        case "Mish": .mish
        case "HardSwish": .hardSilu
        case "LeakyRelu": .leakyReLU(negativeSlope: node.number("alpha", default: 0.01))
        case "Elu": .elu(alpha: node.number("alpha", default: 1))
        case "Gelu": .gelu(approximate: node.text("approximate", default: "none") == "tanh")
        case "Softmax" where x.rank == 2 && [1, -1].contains(node.integer("axis", default: -1)): .softmax
        default: nil
        }
    }

    /// The order and shape of a weight that is a parameter of the node.
    private static func parameter(_ node: ONNXNode, _ index: Int) -> [Int]? {
        guard node.layer.operands.indices.contains(index),
            case .parameter(_, let dims, _, true) = node.layer.operands[index]
        else { return nil }
        return dims
    }

    /// Whether an operand is left out.
    private static func lacks(_ node: ONNXNode, _ index: Int) -> Bool {
        guard node.layer.operands.indices.contains(index) else { return true }
        return node.layer.operands[index] == .absent
    }

    private static func convolution(_ node: ONNXNode, _ x: ONNXValue) -> CatalogueLayer? {
        guard let dims = parameter(node, 1), dims.count == x.rank, (3...5).contains(x.rank),
            let bias = lacks(node, 2) ? [] : parameter(node, 2),
            let window = try? WindowSettings(
                node,
                sizes: Array(x.dims.dropFirst(2)),
                window: Array(dims.dropFirst(2))
            ),
            let padding = padding(node, window),
            window.strides.allSatisfy({ $0 == 1 }) || window.dilations.allSatisfy({ $0 == 1 })
        else { return nil }
        let groups = node.integer("group", default: 1), channels = x.dims[1], usesBias = !bias.isEmpty
        let isDepthwise = groups > 1 && groups == channels && x.rank == 4
        let (size, strides, rate) = (window.window, window.strides, window.dilations)
        guard groups >= 1, dims[0].isMultiple(of: groups) else { return nil }
        var weights = [CatalogueLayer.Weight(parameter: "kernel", operand: 1, order: .kernel(x.rank))]
        if usesBias { weights.append(CatalogueLayer.Weight(parameter: "bias", operand: 2, order: [0])) }
        return CatalogueLayer(
            layer: { name in
                if isDepthwise {
                    return DepthwiseConv2D(
                        kernelSize: Size2D(size[0], size[1]),
                        strides: Size2D(strides[0], strides[1]),
                        padding: padding,
                        depthMultiplier: dims[0] / channels,
                        dilationRate: Size2D(rate[0], rate[1]),
                        useBias: usesBias,
                        name: name
                    )
                }
                switch size.count {
                case 1:
                    return Conv1D(
                        filters: dims[0],
                        kernelSize: size[0],
                        strides: strides[0],
                        padding: padding == .same ? .same : .valid,
                        dilationRate: rate[0],
                        groups: groups,
                        useBias: usesBias,
                        name: name
                    )
                case 2:
                    return Conv2D(
                        filters: dims[0],
                        kernelSize: Size2D(size[0], size[1]),
                        strides: Size2D(strides[0], strides[1]),
                        padding: padding,
                        dilationRate: Size2D(rate[0], rate[1]),
                        groups: groups,
                        useBias: usesBias,
                        name: name
                    )
                default:
                    return Conv3D(
                        filters: dims[0],
                        kernelSize: Size3D(size[0], size[1], size[2]),
                        strides: Size3D(strides[0], strides[1], strides[2]),
                        padding: padding,
                        dilationRate: Size3D(rate[0], rate[1], rate[2]),
                        groups: groups,
                        useBias: usesBias,
                        name: name
                    )
                }
            },
            order: .channelsLast(x.rank),
            weights: weights
        )
    }

    /// The padding of the catalogue that means the same for images of every size; `nil` if there is none.
    private static func padding(_ node: ONNXNode, _ window: WindowSettings) -> Padding? {
        let rule = node.text("auto_pad", default: "")
        if rule == "SAME_UPPER" { return .same }
        // With strides its borders depend on the size of the image.
        if rule == "SAME_LOWER", window.strides.contains(where: { $0 != 1 }) { return nil }
        if (window.before + window.after).allSatisfy({ $0 == 0 }) { return .valid }
        let isSame = window.window.indices.allSatisfy { axis in
            let total = window.reach[axis] - 1
            return window.strides[axis] == 1 && window.before[axis] == total / 2
                && window.after[axis] == total - total / 2
        }
        return isSame ? .same : nil
    }

    private static func dense(_ node: ONNXNode, _ x: ONNXValue) -> CatalogueLayer? {
        let isGemm = node.layer.operatorType == "Gemm"
        guard let dims = parameter(node, 1), dims.count == 2,
            let bias = lacks(node, 2) ? [] : parameter(node, 2),
            node.number("alpha", default: 1) == 1, node.number("beta", default: 1) == 1,
            node.integer("transA", default: 0) == 0
        else { return nil }
        let isTransposed = isGemm && node.integer("transB", default: 0) != 0
        let units = isTransposed ? dims[0] : dims[1], usesBias = !bias.isEmpty
        guard !usesBias || bias == [units] else { return nil }
        var weights = [
            CatalogueLayer.Weight(parameter: "kernel", operand: 1, order: isTransposed ? [1, 0] : [0, 1])
        ]
        if usesBias { weights.append(CatalogueLayer.Weight(parameter: "bias", operand: 2, order: [0])) }
        return CatalogueLayer(
            layer: { Dense(units: units, useBias: usesBias, name: $0) },
            order: .plain(x.rank),
            weights: weights
        )
    }

    private static func normalization(_ node: ONNXNode, _ x: ONNXValue) -> CatalogueLayer? {
        let momentum = node.number("momentum", default: 0.9), epsilon = node.number("epsilon", default: 1e-5)
        guard node.integer("spatial", default: 1) != 0, (0...1).contains(momentum),
            node.layer.operands.count == 5,
            node.layer.operands.dropFirst().allSatisfy({ if case .parameter = $0 { true } else { false } })
        else { return nil }
        let names = ["gamma", "beta", "moving_mean", "moving_variance"]
        return CatalogueLayer(
            layer: { BatchNormalization(momentum: momentum, epsilon: epsilon, name: $0) },
            order: .channelsLast(x.rank),
            weights: names.enumerated().map { .init(parameter: $1, operand: $0 + 1, order: [0]) }
        )
    }

    private static func pooling(_ node: ONNXNode, _ x: ONNXValue) -> CatalogueLayer? {
        let isMaximum = node.layer.operatorType == "MaxPool"
        guard x.rank == 4, node.integer("ceil_mode", default: 0) == 0,
            let window = try? WindowSettings(node, sizes: Array(x.dims.dropFirst(2))),
            window.dilations.allSatisfy({ $0 == 1 }), let padding = padding(node, window),
            isMaximum || padding == .valid || node.integer("count_include_pad", default: 0) == 0
        else { return nil }
        let size = Size2D(window.window[0], window.window[1])
        let strides = Size2D(window.strides[0], window.strides[1])
        return CatalogueLayer(
            layer: { name in
                if isMaximum {
                    return MaxPooling2D(poolSize: size, strides: strides, padding: padding, name: name)
                }
                return AveragePooling2D(poolSize: size, strides: strides, padding: padding, name: name)
            },
            order: .channelsLast(4)
        )
    }

    private static func globalPooling(_ node: ONNXNode, _ x: ONNXValue) -> CatalogueLayer? {
        guard x.rank == 4 else { return nil }
        let isMaximum = node.layer.operatorType == "GlobalMaxPool"
        return CatalogueLayer(
            layer: { name in
                if isMaximum { return GlobalMaxPooling2D(keepDims: true, name: name) }
                return GlobalAveragePooling2D(keepDims: true, name: name)
            },
            order: .channelsLast(4)
        )
    }
}
