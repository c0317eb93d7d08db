import SwiftConvNet

/// Operations that stand in a functional model in place of layers: `x + y`, or `keras.ops.relu(x)`.
enum KerasOperations {
    /// Operations of two tensors, which layers have the names of.
    private static let merging: Set = ["Add", "Subtract", "Multiply", "Maximum", "Minimum"]
    /// Operations of one tensor, and Keras' names of the functions.
    private static let functions = [
        "Relu": "relu", "Relu6": "relu6", "Sigmoid": "sigmoid", "Tanh": "tanh", "Silu": "silu",
        "Softplus": "softplus",
        "Softsign": "softsign", "HardSigmoid": "hard_sigmoid", "HardSilu": "hard_silu", "Exp": "exponential",
        "Selu": "selu", "LogSigmoid": "log_sigmoid",
    ]

    /// This library's form of an operation, as a layer; `nil` if the object is a layer, or an operation that is not known.
    static func own(_ object: JSONValue, named name: String) throws -> JSONValue? {
        guard let className = object["class_name"].text, object["module"].text?.contains(".ops.") == true
        else { return nil }
        if merging.contains(className) { return ["kind": .text(className), "config": ["name": .text(name)]] }
        guard let function = functions[className] else { return nil }
        let layer: JSONValue = ["class_name": "Activation", "config": ["activation": .text(function)]]
        return try KerasLayers.own(layer, named: name, at: name)
    }

    /// A `Rescaling` in place of an operation of a tensor and a number, `x * 0.5`, and its calls without the number; `nil` if the object is
    /// none.
    static func rescaling(_ object: JSONValue, _ nodes: [KerasNode]) -> (
        object: JSONValue, nodes: [KerasNode]
    )? {
        guard object["module"].text?.contains(".ops.") == true, let first = nodes.first?.settings,
            let (argument, value) = first.first, let number = value.number,
            nodes.allSatisfy({ $0.settings == first && $0.sources.count == 1 }), first.count == 1
        else { return nil }
        let isSecond = argument == "argument 1"
        guard isSecond || argument == "argument 0" else { return nil }
        let scale: Double, offset: Double
        switch object["class_name"].text {
        case "Add": (scale, offset) = (1, number)
        case "Subtract": (scale, offset) = isSecond ? (1, -number) : (-1, number)
        case "Multiply": (scale, offset) = (number, 0)
        case "Divide" where isSecond, "TrueDivide" where isSecond: (scale, offset) = (1 / number, 0)
        default: return nil
        }
        let config: [String: JSONValue] = [
            "name": object["name"], "scale": .number(scale), "offset": .number(offset),
        ]
        return (.keras("keras.layers", "Rescaling", config), nodes.map(\.withoutSettings))
    }
}
