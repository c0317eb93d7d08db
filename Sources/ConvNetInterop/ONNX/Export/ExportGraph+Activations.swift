import SwiftConvNet

extension Activate: ONNXExportable {
    func export(_ operands: [ExportedValue], in graph: inout ExportGraph) throws -> [ExportedValue] {
        [try graph.activated(operands[0], function)]
    }
}

/// Activation functions: ONNX' own where it has them, else their formulas.
extension ExportGraph {
    /// The function of the value.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if ONNX has no form for it.
    mutating func activated(_ x: ExportedValue, _ function: ActivationFunction) throws -> ExportedValue {
        switch function {
        case .linear: return x
        case .relu: return mapped(x, "Relu")
        case .sigmoid: return mapped(x, "Sigmoid")
        case .tanh: return mapped(x, "Tanh")
        case .leakyReLU(let slope): return mapped(x, "LeakyRelu", attributes: ["alpha": .float(slope)])
        case .elu(let alpha): return mapped(x, "Elu", attributes: ["alpha": .float(alpha)])
        case .selu: return mapped(x, "Selu")
        case .celu(let alpha): return mapped(x, "Celu", attributes: ["alpha": .float(alpha)])
        case .softplus: return mapped(x, "Softplus")
        case .softsign: return mapped(x, "Softsign")
        case .exponential: return mapped(x, "Exp")
        case .relu6: return mapped(x, "Clip", try number(0), try number(6))
        case .hardTanh: return mapped(x, "Clip", try number(-1), try number(1))
        case .hardSilu: return mapped(x, "HardSwish")
        case .hardSigmoid:
            return mapped(x, "HardSigmoid", attributes: ["alpha": .float(1 / 6), "beta": .float(0.5)])
        case .sparseSigmoid:
            return mapped(x, "HardSigmoid", attributes: ["alpha": .float(0.5), "beta": .float(0.5)])
        case .hardShrink(let threshold) where threshold < 0: return x
        case .hardShrink(let threshold): return mapped(x, "Shrink", attributes: ["lambd": .float(threshold)])
        case .softShrink(let threshold) where threshold >= 0:
            return mapped(x, "Shrink", attributes: ["bias": .float(threshold), "lambd": .float(threshold)])
        case .softmax, .logSoftmax: return try rowwise(x, function == .softmax ? "Softmax" : "LogSoftmax")
        case .sparsemax: return try sparsemax(x)
        case .glu: return try gated(x)
        case .gelu(let isApproximate): return try gelu(x, isApproximate)
        case .silu: return try combined([x, mapped(x, "Sigmoid")], "Mul")
        case .mish: return try combined([x, mapped(mapped(x, "Softplus"), "Tanh")], "Mul")
        case .logSigmoid: return mapped(mapped(mapped(x, "Neg"), "Softplus"), "Neg")
        case .tanhShrink: return try combined([x, mapped(x, "Tanh")], "Sub")
        case .squareplus(let b):
            let root = mapped(mapped(mapped(x, "Mul", operand(x)), "Add", try number(b)), "Sqrt")
            return mapped(try combined([x, root], "Add"), "Mul", try number(0.5))
        case .sparsePlus:
            let half = try scaled(mapped(x, "Max", number(-1)), by: 0.5, offset: 0.5)
            return try chosen(x, "GreaterOrEqual", 1, mapped(half, "Mul", operand(half)))
        case .threshold(let threshold, let value):
            let isAbove = mapped(x, "Greater", try number(threshold))
            return mapped(isAbove, "Where", operand(x), try number(value))
        case .clippedReLU(let slope, let maximum, let threshold):
            return try clipped(x, slope, maximum, threshold)
        case .softShrink, .userDefined:
            throw ConvNetError(.argument, "The activation \(function) has no form in ONNX")
        }
    }

    /// The element where a comparison with a number holds, else that of another value of the same shape and order.
    private mutating func chosen(
        _ x: ExportedValue,
        _ comparison: String,
        _ number: Float,
        _ other: ExportedValue
    )
        throws -> ExportedValue
    {
        let holds = mapped(x, comparison, try self.number(number))
        return mapped(holds, "Where", operand(x), operand(other))
    }

    private mutating func clipped(_ x: ExportedValue, _ slope: Float, _ maximum: Float?, _ threshold: Float)
        throws
        -> ExportedValue
    {
        if slope == 0, threshold == 0, let maximum {
            return mapped(x, "Clip", try number(0), try number(maximum))
        }
        let below = try scaled(mapped(x, "Sub", number(threshold)), by: slope)
        let passed = try chosen(x, "Greater", threshold, below)
        guard let maximum else { return passed }
        let isBeyond = mapped(x, "GreaterOrEqual", try number(maximum))
        return mapped(isBeyond, "Where", try number(maximum), operand(passed))
    }

    private mutating func gelu(_ x: ExportedValue, _ isApproximate: Bool) throws -> ExportedValue {
        if opset >= 20 {
            return mapped(x, "Gelu", attributes: ["approximate": .text(isApproximate ? "tanh" : "none")])
        }
        if isApproximate {
            let square = mapped(x, "Mul", operand(x))
            let inner = try combined([x, scaled(square, by: 0.044715, offset: 1)], "Mul")
            let factor = mapped(try scaled(inner, by: 0.797_884_56), "Tanh")
            return try scaled(combined([x, scaled(factor, by: 1, offset: 1)], "Mul"), by: 0.5)
        }
        let factor = mapped(try scaled(x, by: 0.707_106_78), "Erf")
        return try scaled(combined([x, scaled(factor, by: 1, offset: 1)], "Mul"), by: 0.5)
    }

    /// A function of rows along the last axis.
    private mutating func rowwise(_ x: ExportedValue, _ type: String) throws -> ExportedValue {
        guard x.rank > 0 else {
            return try viewed(rowwise(viewed(x, as: [1]), type), as: [])
        }
        return mapped(x, type, attributes: ["axis": .integer(x.place(x.rank - 1))])
    }

    /// The threshold is the largest of `(sum of the k largest - 1) / k`: the sequence rises up to the k of the formula.
    private mutating func sparsemax(_ x: ExportedValue) throws -> ExportedValue {
        guard let count = x.shape.last, count > 0 else {
            return try viewed(sparsemax(viewed(x, as: [1])), as: [])
        }
        let rows = try inOrder(x), axis = rows.place(rows.rank - 1)
        let sorted = node(
            "TopK",
            [operand(rows), integers([count], "count")],
            outputs: 2,
            ["axis": .integer(axis)]
        )[0]
        var sums = rows
        sums.constant = nil
        sums.name = node("CumSum", [sorted, integers([axis], [], "axis")])
        let excess = mapped(sums, "Sub", try number(1))
        let candidates = mapped(excess, "Div", try floats((1...count).map(Float.init), [count], "counts"))
        let threshold = try reduced("ReduceMax", candidates.name, [axis], keepsAxes: true)
        return mapped(mapped(rows, "Sub", threshold), "Relu")
    }

    private mutating func gated(_ x: ExportedValue) throws -> ExportedValue {
        let half = (x.shape.last ?? 0) / 2, last = x.rank - 1
        let parts = node(
            "Split",
            [operand(x), integers([half, half], "halves")],
            outputs: 2,
            ["axis": .integer(x.place(last))]
        ).map {
            ExportedValue($0, x.shape.replacing(last, by: half), isBatched: x.isBatched, order: x.order)
        }
        return try combined([parts[0], mapped(parts[1], "Sigmoid")], "Mul")
    }
}
