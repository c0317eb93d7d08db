import SwiftConvNet

/// An array of a layer of Keras that is a parameter of a layer of the model.
struct KerasArray {
    let layer: SharedLayer
    let variable: KerasVariable
    /// Keras' shape: the parameter's but for axes that are joined, or of size 1.
    let shape: Shape
}

/// A layer of Keras that does a part of what an end or an operator of an imported ONNX file does.
struct KerasStep {
    let layer: any Layer
    /// The shape of a sample behind it.
    let shape: Shape
    /// The parameters of the operator that are its arrays.
    var arrays: [(variable: KerasVariable, shape: Shape)] = []
}

extension ONNXOutput {
    /// The layers of Keras that do the same; none where the tensor is handed on as it is.
    ///
    /// - Parameters:
    ///   - shapes: those of what it reads.
    ///   - shape: that of the output.
    ///   - isOpen: whether axes of the model's inputs have any size.
    /// - Returns: `nil` if Keras has none.
    func kerasSteps(reading shapes: [Shape], to shape: Shape, isOpen: Bool) -> [KerasStep]? {
        // A second input says that the first is the same for all samples; and the batch is Keras' first axis.
        guard shapes.count == 1, !form.impliesFirstAxis || form.order.first == 0 else { return nil }
        let moves = form.kerasMoves(of: shapes[0], to: .plain(form.order.count))
        return dropsFirstAxis ? moves.viewed(from: shapes[0], as: shape, isOpen: isOpen) : moves
    }
}

extension ONNXOperator {
    /// The layers of Keras that do the same; none where the tensor is handed on as it is.
    ///
    /// - Returns: `nil` if Keras has none.
    func kerasSteps(reading shapes: [Shape], to shape: Shape, isOpen: Bool) -> [KerasStep]? {
        let inputs = operands.compactMap { if case .input(let form) = $0 { form } else { nil } }
        // The batch is the first axis of all, and whole numbers have arithmetic of their own.
        guard domain.isEmpty, outputCount == 1, let output = forms?.first, let input = inputs.first,
            inputs.count == shapes.count,
            (inputs + [output]).allSatisfy({ $0.impliesFirstAxis && $0.order.first == 0 && $0.type.isFloat })
        else { return nil }
        if operatorType == "Concat" { return concatenation(inputs, output, shape) }
        guard inputs.count == 1 else { return nil }
        switch operatorType {
        case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
            guard output.order.isPlain else { return nil }
            let moves = input.kerasMoves(of: shapes[0], to: .plain(input.order.count))
            return moves.viewed(from: shapes[0], as: shape, isOpen: isOpen)
        // The axes have other names, and lie where they were.
        case "Transpose": return shapes[0] == shape ? [] : nil
        case "Conv": return convolution(input, output, shapes[0], shape)
        default: return input.hasAxes(of: output) && shapes[0] == shape ? function(shape) : nil
        }
    }

    /// The parameter that is added to each channel of a tensor of this shape, if the operator does that.
    func kerasBias(of shape: Shape) -> String? {
        guard domain.isEmpty, operatorType == "Add", operands.count == 2, let output = forms?.first,
            output.impliesFirstAxis, let channels = output.order.last
        else { return nil }
        let place = if case .input = operands[0] { 1 } else { 0 }
        guard case .input(let form) = operands[1 - place], form.hasAxes(of: output),
            case .parameter(let name, let dims, _, true) = operands[place], dims.count <= form.order.count
        else { return nil }
        let wide = Array(repeating: 1, count: form.order.count - dims.count) + dims
        return wide.indices.allSatisfy { wide[$0] == ($0 == channels ? shape.last : 1) } ? name : nil
    }

    private func concatenation(_ inputs: [TensorForm], _ output: TensorForm, _ shape: Shape) -> [KerasStep]? {
        let axis = settings.integers["axis"] ?? 1, rank = output.order.count
        guard inputs.count == operands.count, inputs.count > 1,
            inputs.allSatisfy({ $0.hasAxes(of: output) }),
            let place = output.order.firstIndex(of: axis < 0 ? axis + rank : axis), place > 0
        else { return nil }
        return [KerasStep(layer: Concatenate(axis: place), shape: shape)]
    }

    /// A function of each element of the one input, with numbers that the file says.
    private func function(_ shape: Shape) -> [KerasStep]? {
        func steps(_ layers: any Layer...) -> [KerasStep] {
            layers.map { KerasStep(layer: $0, shape: shape) }
        }
        func number(_ index: Int) -> Float? {
            guard operands.indices.contains(index), case .literal(let literal) = operands[index],
                literal.count == 1, literal.floats[0].isFinite
            else { return nil }
            return literal.floats[0]
        }
        switch operatorType {
        case "Identity", "Dropout": return []
        case "Neg": return steps(Rescaling(scale: -1))
        case "HardSigmoid":
            let slope = settings.numbers["alpha"] ?? 0.2, offset = settings.numbers["beta"] ?? 0.5
            guard slope.isFinite, offset.isFinite else { return nil }
            return steps(Rescaling(scale: slope, offset: offset), ReLU(maxValue: 1))
        case "Clip":
            guard number(1) ?? settings.numbers["min"] == 0,
                let limit = number(2) ?? settings.numbers["max"], limit.isFinite, limit >= 0
            else { return nil }
            return steps(ReLU(maxValue: limit))
        case "Add": return (number(1) ?? number(0)).map { steps(Rescaling(scale: 1, offset: $0)) }
        case "Mul": return (number(1) ?? number(0)).map { steps(Rescaling(scale: $0)) }
        case "Sub":
            return number(1).map { steps(Rescaling(scale: 1, offset: -$0)) }
                ?? number(0).map { steps(Rescaling(scale: -1, offset: $0)) }
        case "Div": return number(1).flatMap { (1 / $0).isFinite ? steps(Rescaling(scale: 1 / $0)) : nil }
        default: return nil
        }
    }

    /// A convolution of images whose border is none of Keras': zeros around the image, and a convolution without a border.
    private func convolution(_ input: TensorForm, _ output: TensorForm, _ from: Shape, _ to: Shape)
        -> [KerasStep]?
    {
        let reader = ONNXNode(layer: self, operands: []), last = [Int].channelsLast(4)
        guard input.order.count == 4, output.order == last, operands.count >= 2,
            case .parameter(let kernel, let dims, .kernel(4), true) = operands[1], dims.count == 4,
            ["", "NOTSET", "VALID"].contains(reader.text("auto_pad", default: ""))
        else { return nil }
        var bias: String?
        if operands.count > 2 {
            switch operands[2] {
            case .parameter(let name, [dims[0]], _, true): bias = name
            case .absent: break
            default: return nil
            }
        }
        var steps = input.kerasMoves(of: from, to: last)
        let image = steps.last?.shape ?? from, groups = reader.integer("group", default: 1)
        guard
            let window = try? WindowSettings(
                reader,
                sizes: Array(image.dropLast()),
                window: Array(dims.dropFirst(2))
            ),
            (window.before + window.after).allSatisfy({ $0 >= 0 }), groups >= 1,
            dims[0].isMultiple(of: groups), dims[1] * groups == image[2],
            window.strides.allSatisfy({ $0 == 1 }) || window.dilations.allSatisfy({ $0 == 1 })
        else { return nil }
        let (before, after) = (window.before, window.after)
        if (before + after).contains(where: { $0 != 0 }) {
            steps.append(
                KerasStep(
                    layer: ZeroPadding2D(padding: ((before[0], after[0]), (before[1], after[1]))),
                    shape: [image[0] + before[0] + after[0], image[1] + before[1] + after[1], image[2]]
                )
            )
        }
        let size = Size2D(dims[2], dims[3]), strides = Size2D(window.strides[0], window.strides[1])
        let rate = Size2D(window.dilations[0], window.dilations[1]), usesBias = bias != nil
        let isDepthwise = groups > 1 && groups == image[2], share = dims[0] / groups
        let layer: any Layer =
            isDepthwise
            ? DepthwiseConv2D(
                kernelSize: size,
                strides: strides,
                depthMultiplier: share,
                dilationRate: rate,
                useBias: usesBias
            )
            : Conv2D(
                filters: dims[0],
                kernelSize: size,
                strides: strides,
                dilationRate: rate,
                groups: groups,
                useBias: usesBias
            )
        let rest = isDepthwise ? [groups, share] : [dims[1], dims[0]]
        var step = KerasStep(layer: layer, shape: to)
        for (place, array) in [(kernel, Shape([dims[2], dims[3]] + rest)), (bias ?? "", [dims[0]])]
            .enumerated()
        where !array.0.isEmpty {
            let variable = KerasVariable(path: "vars/\(place)", parameter: array.0, isCopy: false)
            step.arrays.append((variable, array.1))
        }
        return steps + [step]
    }
}

extension TensorForm {
    /// The layer that gives a sample's axes another order; none if they are in it.
    fileprivate func kerasMoves(of shape: Shape, to target: [Int]) -> [KerasStep] {
        guard order != target else { return [] }
        let places = target.map { order.firstIndex(of: $0) ?? 0 }
        // Keras counts from 1, for the batch is no axis of a sample.
        let dims = impliesFirstAxis ? Array(places.dropFirst()) : places.map { $0 + 1 }
        return [KerasStep(layer: Permute(dims: dims), shape: Shape(dims.map { shape[$0 - 1] }))]
    }
}

extension [KerasStep] {
    /// With a layer behind them that gives a sample another shape.
    ///
    /// - Returns: `nil` if the shape is none that Keras has, or one that depends on open sizes.
    fileprivate func viewed(from shape: Shape, as target: Shape, isOpen: Bool) -> [KerasStep]? {
        switch target.rank {
        case _ where (last?.shape ?? shape) == target && !isOpen: return self
        case 0: return nil
        case 1: return self + [KerasStep(layer: Flatten(), shape: target)]
        default:
            return isOpen ? nil : self + [KerasStep(layer: Reshape(targetShape: target), shape: target)]
        }
    }
}
