/// Adds to each element a number that is learned for its position.
///
/// Shapes, without the batch axis: input and output any shape, `[length, features]` for sequences; the parameter embeddings has the
/// same shape. After it, attention can tell positions apart.
///
/// ```swift
/// PositionEmbedding()
/// ```
///
/// KerasHub's layer of this name returns the numbers; this one adds them.
public struct PositionEmbedding: Layer {
    /// `PositionEmbedding`.
    public static let kind = "PositionEmbedding"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The first values.
    @CodedInitializer public var initializer: any Initializer

    /// Learned numbers for each position.
    ///
    /// - Parameters:
    ///   - initializer: the first values. Default: Glorot's uniform distribution.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(initializer: any Initializer = .glorotUniform, name: String? = nil) {
        _initializer = CodedInitializer(wrappedValue: initializer)
        self.name = name
    }

    /// Emits a sum.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        return [try lowering.add(x, lowering.parameter("embeddings", x.shape, initializer))]
    }
}
