/// The difference of its two inputs, element by element: the first less the second.
///
/// Shapes, without the batch axis: inputs of one shape, which is the output's. As in Keras, an axis of size 1 stands
/// for as many as the others have, and missing axes in front count as axes of size 1: `[8, 8, 64]` and `[1, 1, 64]`
/// fit.
///
/// ```swift
/// let difference = Subtract()(x, y)
/// ```
public struct Subtract: Layer, Hashable {
    /// `Subtract`.
    public static let kind = "Subtract"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that subtracts its second input from the first.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// Emits an `Elementwise` difference.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there are not two inputs, or they do not fit each other.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let (x, y) = try lowering.pair(inputs, for: Self.kind)
        return [try lowering.subtract(x, y)]
    }
}
