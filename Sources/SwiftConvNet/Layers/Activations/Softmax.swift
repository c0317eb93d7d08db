/// Probabilities from logits, along the last axis: `y[…, c] = exp(x[…, c]) / sum over k of exp(x[…, k])`.
///
/// Input and output: any shape. A loss that follows starts from the logits, as after a layer with
/// `activation: .softmax`.
public struct Softmax: Layer, Hashable {
    /// `Softmax`.
    public static let kind = "Softmax"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A softmax along the last axis, Keras' default.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// Emits an `Activate`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is not exactly one input.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.emit(Activate(.softmax), lowering.single(inputs, for: Self.kind))
    }
}
