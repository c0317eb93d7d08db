/// The largest of its inputs, element by element. Where some are equal, the first of them has the gradient.
///
/// Shapes, without the batch axis: inputs of one shape, which is the output's. As in Keras, an axis of size 1 stands
/// for as many as the others have, and missing axes in front count as axes of size 1: `[8, 8, 64]` and `[1, 1, 64]`
/// fit.
///
/// ```swift
/// let largest = Maximum()(x, y)
/// ```
public struct Maximum: Layer, Hashable {
    /// `Maximum`.
    public static let kind = "Maximum"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that takes the largest of its inputs.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// Emits an `Elementwise` maximum for each input after the first.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no input, or they do not fit each other.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.fold(inputs, for: Self.kind) { try $0.maximum($1, $2) }
    }
}
