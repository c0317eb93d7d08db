/// A function of each element that a closure computes, with its derivative if it has one.
struct MapElements: Operator {
    let function: @Sendable (Float) -> Float
    /// The derivative at x; `nil` for none.
    let derivative: (@Sendable (Float) -> Float)?
    /// The operator of ONNX that means the same; `nil` if there is none.
    let origin: Origin?

    /// An operator of ONNX with all settings that it has, so that the function can be written as one.
    struct Origin: Sendable {
        let type: String
        var numbers: [(name: String, value: Float)] = []
    }

    init(
        _ function: @escaping @Sendable (Float) -> Float,
        derivative: (@Sendable (Float) -> Float)? = nil,
        origin: Origin? = nil
    ) {
        self.function = function
        self.derivative = derivative
        self.origin = origin
    }

    func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    var differentiableInputs: Set<Int>? { derivative == nil ? [] : [0] }

    func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]? {
        guard let x = inputs[0].floats, x.count <= Literal.countLimit else { return nil }
        return [try ConstantTensor(x.map(function), shape: inputs[0].type.shape)]
    }

    func kernel(at site: Site) -> any Kernel {
        MapKernel(count: site.outputs[0].shape.elementCount, function: function, derivative: derivative)
    }
}

/// Runs a `MapElements`.
private struct MapKernel: Kernel {
    let count: Int
    let function: @Sendable (Float) -> Float
    let derivative: (@Sendable (Float) -> Float)?

    var backwardReads: BackwardReads { .inputs }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let x = context.input(), y = context.output
                for place in 0..<(context.count * count) { y[place] = function(x[place]) }
            }
        ]
    }

    func backward() -> [Stage] {
        guard let derivative else { return [] }
        return [
            Stage(.samples) { context in
                let x = context.input(), from = context.outputGradient, to = context.inputGradient()
                for place in 0..<(context.count * count) { to[place] = from[place] * derivative(x[place]) }
            }
        ]
    }
}
