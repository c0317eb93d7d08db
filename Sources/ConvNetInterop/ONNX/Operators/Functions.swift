import Foundation

/// Functions of each element of one operand.
enum Functions {
    static let table: [String: OperatorDefinition] = [
        "Relu": activation { _ in .relu }, "Sigmoid": activation { _ in .sigmoid },
        "Tanh": activation { _ in .tanh }, "Softplus": activation { _ in .softplus },
        "Softsign": activation { _ in .softsign }, "Mish": activation { _ in .mish },
        "HardSwish": activation { _ in .hardSilu },
        "LeakyRelu": activation { .leakyReLU(negativeSlope: $0.number("alpha", default: 0.01)) },
        "Elu": activation { .elu(alpha: $0.number("alpha", default: 1)) },
        "Celu": activation { .celu(alpha: $0.number("alpha", default: 1)) },
        "Gelu": activation { .gelu(approximate: $0.text("approximate", default: "none") == "tanh") },
        "ThresholdedRelu": activation {
            .threshold(threshold: $0.number("alpha", default: 1), defaultValue: 0)
        },
        "Selu": OperatorDefinition { context in
            let alpha = context.node.number("alpha", default: 1.6732632),
                gamma = context.node.number("gamma", default: 1.050701)
            return try context.function { context, x in
                try context.lowering.multiply(context.lowering.activate(x, .elu(alpha: alpha)), gamma)
            }
        },
        "HardSigmoid": OperatorDefinition { context in
            let alpha = context.node.number("alpha", default: 0.2),
                beta = context.node.number("beta", default: 0.5)
            return try context.function { context, x in
                if alpha == Float(1) / 6, beta == 0.5 {
                    return try context.lowering.activate(x, .hardSigmoid)
                }
                return try context.map(
                    x,
                    derivative: { (0...1).contains(alpha * $0 + beta) ? alpha : 0 },
                    origin: .init(type: "HardSigmoid", numbers: [("alpha", alpha), ("beta", beta)])
                ) { min(max(alpha * $0 + beta, 0), 1) }
            }
        },
        "Swish": OperatorDefinition { context in
            let alpha = context.node.number("alpha", default: 1)
            return try context.function { context, x in
                if alpha == 1 { return try context.lowering.activate(x, .silu) }
                let gate = try context.lowering.sigmoid(context.lowering.multiply(x, alpha))
                return try context.lowering.multiply(x, gate)
            }
        },
        "Shrink": OperatorDefinition { context in
            let bias = context.node.number("bias", default: 0),
                limit = context.node.number("lambd", default: 0.5)
            return try context.function { context, x in
                try context.map(
                    x,
                    derivative: { abs($0) > limit ? 1 : 0 },
                    origin: .init(type: "Shrink", numbers: [("bias", bias), ("lambd", limit)])
                ) {
                    $0 < -limit ? $0 + bias : $0 > limit ? $0 - bias : 0
                }
            }
        },
        "Neg": unary({ -$0 }) { try $0.lowering.negative($1) },
        "Exp": unary({ Foundation.exp($0) }) { try $0.lowering.exp($1) },
        "Log": unary({ Foundation.log($0) }) { try $0.lowering.log($1) },
        "Sqrt": unary({ $0.squareRoot() }) { try $0.lowering.sqrt($1) },
        "Abs": unary({ Swift.abs($0) }) { try $0.lowering.abs($1) },
        "Reciprocal": unary({ 1 / $0 }) { try $0.lowering.reciprocal($1) },
        "Sign": unary({ $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }) { try $0.lowering.sign($1) },
        "Sin": mapped({ Foundation.sin($0) }) { Foundation.cos($0) },
        "Cos": mapped({ Foundation.cos($0) }) { -Foundation.sin($0) },
        "Tan": mapped({ Foundation.tan($0) }) { 1 / (Foundation.cos($0) * Foundation.cos($0)) },
        "Asin": mapped({ Foundation.asin($0) }) { 1 / (1 - $0 * $0).squareRoot() },
        "Acos": mapped({ Foundation.acos($0) }) { -1 / (1 - $0 * $0).squareRoot() },
        "Atan": mapped({ Foundation.atan($0) }) { 1 / (1 + $0 * $0) },
        "Sinh": mapped({ Foundation.sinh($0) }) { Foundation.cosh($0) },
        "Cosh": mapped({ Foundation.cosh($0) }) { Foundation.sinh($0) },
        "Asinh": mapped({ Foundation.asinh($0) }) { 1 / ($0 * $0 + 1).squareRoot() },
        "Acosh": mapped({ Foundation.acosh($0) }) { 1 / ($0 * $0 - 1).squareRoot() },
        "Atanh": mapped({ Foundation.atanh($0) }) { 1 / (1 - $0 * $0) },
        "Erf": mapped({ Foundation.erf($0) }) { 2 / Double.pi.squareRoot() * Foundation.exp(-$0 * $0) },
        "Floor": mapped({ $0.rounded(.down) }) { _ in 0 },
        "Ceil": mapped({ $0.rounded(.up) }) { _ in 0 },
        "Round": mapped({ $0.rounded(.toNearestOrEven) }) { _ in 0 },
        "BitwiseNot": mapped({ -$0 - 1 }, isFloat: false) { _ in 0 },
    ]

    private static func activation(_ function: @escaping @Sendable (ONNXNode) -> ActivationFunction)
        -> OperatorDefinition
    {
        OperatorDefinition { context in
            let function = function(context.node)
            return try context.function { try $0.lowering.activate($1, function) }
        }
    }

    private static func unary(
        _ function: @escaping @Sendable (Double) -> Double,
        _ emit: @escaping @Sendable (NodeContext, Value) throws -> Value
    ) -> OperatorDefinition {
        OperatorDefinition(evaluate: folded(function)) { try $0.function(emit) }
    }

    /// - Parameter isFloat: whether ONNX has the operator for numbers with a fraction, which files are written with.
    private static func mapped(
        _ function: @escaping @Sendable (Double) -> Double,
        isFloat: Bool = true,
        derivative: @escaping @Sendable (Double) -> Double
    ) -> OperatorDefinition {
        OperatorDefinition(evaluate: folded(function)) { context in
            try context.function { context, x in
                try context.map(
                    x,
                    derivative: { Float(derivative(Double($0))) },
                    origin: isFloat ? .init(type: context.node.layer.operatorType) : nil
                ) { Float(function(Double($0))) }
            }
        }
    }

    private static func folded(_ function: @escaping @Sendable (Double) -> Double)
        -> OperatorDefinition.Evaluate
    {
        { _, literals in literals[0].map { [Literal($0.type, $0.dims, $0.numbers.map(function))] } }
    }
}

extension NodeContext {
    /// A function of each element of the first operand, whatever the order of its axes.
    func function(_ emit: (NodeContext, Value) throws -> Value) throws -> [ONNXValue] {
        let x = try runtime(node.operand(0))
        return [result(try emit(self, x.value), like: x)]
    }
}
