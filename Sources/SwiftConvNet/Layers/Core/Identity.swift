/// Passes its input on as it is: a place to keep where a model may have another layer.
///
/// Input and output: any shape. Nothing runs, and nothing is copied.
public struct Identity: Layer, Hashable {
    /// `Identity`.
    public static let kind = "Identity"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that passes its input on.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// Emits nothing.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is not exactly one input.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        [try lowering.single(inputs, for: Self.kind)]
    }
}
