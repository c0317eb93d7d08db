/// Applies an activation function: a layer of its own where the function cannot be part of the layer before.
///
/// Input and output: any shape; softmax and its relatives work along the last axis, and `glu` halves it.
///
/// ```swift
/// Activation(.hardSilu)
/// ```
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
    /// - Throws: `ConvNetError` of kind `argument` if the function's parameter is out of its range, of kind `shape`
    ///   if the function halves an axis of odd size.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        return [try lowering.activate(x, function)]
    }
}
