/// Makes one axis of all: `[height, width, channels]` becomes `[height · width · channels]`. Nothing is copied.
public struct Flatten: Layer, Hashable {
    /// `Flatten`.
    public static let kind = "Flatten"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that makes one axis of all.
    public init(name: String? = nil) { self.name = name }

    /// Emits a `View` as `[elements]`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is not exactly one input.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        return try lowering.emit(View([x.shape.elementCount]), x)
    }
}
