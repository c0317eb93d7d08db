/// The product of its inputs, element by element: what gates the channels in a squeeze-and-excitation block.
///
/// Shapes, without the batch axis: inputs of one shape, which is the output's. As in Keras, an axis of size 1 stands
/// for as many as the others have, and missing axes in front count as axes of size 1: `[8, 8, 64]` and `[1, 1, 64]`
/// fit.
///
/// ```swift
/// let gated = Multiply()(x, gate)
/// ```
public struct Multiply: Layer, Hashable {
    /// `Multiply`.
    public static let kind = "Multiply"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that multiplies its inputs.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// Emits an `Elementwise` product for each input after the first.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no input, or they do not fit each other.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.fold(inputs, for: Self.kind) { try $0.multiply($1, $2) }
    }
}
