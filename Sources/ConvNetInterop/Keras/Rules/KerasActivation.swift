import SwiftConvNet

/// Activation functions in Keras' files: names, or classes with settings.
enum KerasActivation {
    /// Keras' names of the functions, and this library's values: `{"relu": {}}`.
    private static let functions: [(name: String, value: ActivationFunction)] = [
        ("linear", .linear), ("relu", .relu), ("sigmoid", .sigmoid), ("tanh", .tanh), ("softmax", .softmax),
        ("leaky_relu", .leakyReLU()), ("elu", .elu()), ("gelu", .gelu()), ("silu", .silu), ("swish", .silu),
        ("softplus", .softplus), ("relu6", .relu6), ("selu", .selu), ("celu", .celu()),
        ("log_softmax", .logSoftmax), ("sparsemax", .sparsemax), ("log_sigmoid", .logSigmoid),
        ("sparse_sigmoid", .sparseSigmoid), ("hard_sigmoid", .hardSigmoid), ("hard_tanh", .hardTanh),
        ("tanh_shrink", .tanhShrink), ("sparse_plus", .sparsePlus), ("squareplus", .squareplus()),
        ("softsign", .softsign), ("hard_silu", .hardSilu), ("hard_swish", .hardSilu), ("glu", .glu),
        ("mish", .mish),
        ("soft_shrink", .softShrink()), ("hard_shrink", .hardShrink()),
        ("threshold", .threshold(threshold: 0, defaultValue: 0)), ("exponential", .exponential),
    ]

    /// Layers that stand as activation functions of other layers.
    private static func function(ofLayer className: String, _ config: JSONValue) -> ActivationFunction? {
        func number(_ key: String, _ value: Float) -> Float { config[key].number.map { Float($0) } ?? value }
        switch className {
        case "ReLU":
            return .relu(
                negativeSlope: number("negative_slope", 0),
                maxValue: config["max_value"].number.map { Float($0) },
                threshold: number("threshold", 0)
            )
        case "LeakyReLU": return .leakyReLU(negativeSlope: number("negative_slope", number("alpha", 0.3)))
        case "ELU": return .elu(alpha: number("alpha", 1))
        case "Softmax" where [.null, -1].contains(config["axis"]): return .softmax
        default: return nil
        }
    }

    static func own(_ value: JSONValue, at place: String) throws -> JSONValue {
        if value == .null { return try json(.linear) }
        // A function by its name, as text or as an object of the class "function"; or a layer.
        let className = value["class_name"].text
        let name = value.text ?? (className == "function" ? value["config"].text : nil)
        if let name, let function = functions.first(where: { $0.name == name }) {
            return try json(function.value)
        }
        if let className, let function = function(ofLayer: className, value["config"]) {
            return try json(function)
        }
        throw ConvNetError(
            .format,
            "An unknown activation function",
            at: place,
            expected: "one of \(functions.map(\.name).joined(separator: ", "))",
            received: "\(name ?? className ?? value.description)"
        )
    }

    static func keras(_ value: JSONValue) throws -> JSONValue {
        for (name, function) in functions where try json(function) == value { return .text(name) }
        let settings = value.members.values.first ?? .null
        switch value.members.keys.first {
        case "leakyReLU":
            return .keras("keras.layers", "LeakyReLU", ["negative_slope": settings["negativeSlope"]])
        case "elu": return .keras("keras.layers", "ELU", ["alpha": settings["alpha"]])
        case "clippedReLU":
            return .keras(
                "keras.layers",
                "ReLU",
                [
                    "negative_slope": settings["negativeSlope"], "max_value": settings["maxValue"],
                    "threshold": settings["threshold"],
                ]
            )
        default:
            throw ConvNetError(
                .argument,
                "Keras' files have no form for this activation function",
                at: "activation",
                expected: "a function with Keras' default settings",
                received: "\(value)"
            )
        }
    }

    private static func json(_ function: ActivationFunction) throws -> JSONValue {
        try JSONValue(Array(StableJSON.text(of: function).utf8), name: "activation")
    }
}
