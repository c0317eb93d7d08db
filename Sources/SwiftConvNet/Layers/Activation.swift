/// Applies an activation function: a layer of its own where the function cannot be part of the layer before.
///
/// Input and output: any shape; softmax works along the last axis.
public struct Activation: Layer, Hashable {
    /// `Activation`.
    public static let kind = "Activation"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// What is applied.
    public let function: ActivationFunction

    /// A layer that applies `function`.
    public init(_ function: ActivationFunction, name: String? = nil) {
        self.function = function
        self.name = name
    }

    /// Emits an `Activate`; for the linear function nothing runs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the function's parameter is not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try function.validate()
        return function == .linear ? [x] : try lowering.emit(Activate(function), x)
    }
}
