/// The sum of its inputs, element by element: what closes a residual block.
///
/// Shapes, without the batch axis: inputs of one shape, which is the output's. As in Keras, an axis of size 1 stands
/// for as many as the others have, and missing axes in front count as axes of size 1: `[8, 8, 64]` and `[1, 1, 64]`
/// can be added.
///
/// ```swift
/// let sum = Add()(x, y)
/// ```
public struct Add: Layer, Hashable {
    /// `Add`.
    public static let kind = "Add"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that adds its inputs.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// Emits a `Sum`; its shape is that which all inputs have, or stretch to.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no input, or they do not fit each other.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.requireInputs(inputs, for: Self.kind)
        return try lowering.emit(Sum(), inputs)
    }
}
