/// The mean of its inputs, element by element.
///
/// Shapes, without the batch axis: inputs of one shape, which is the output's. As in Keras, an axis of size 1 stands
/// for as many as the others have, and missing axes in front count as axes of size 1: `[8, 8, 64]` and `[1, 1, 64]`
/// fit.
///
/// ```swift
/// let mean = Average()(x, y, z)
/// ```
public struct Average: Layer, Hashable {
    /// `Average`.
    public static let kind = "Average"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that averages its inputs.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// Emits a `Sum`, and divides it by the number of inputs.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no input, or they do not fit each other.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.requireInputs(inputs, for: Self.kind)
        let sum = try lowering.emit(Sum(), inputs)[0]
        return [try lowering.divide(sum, Float(inputs.count))]
    }
}
