/// The exponential linear unit: `y = x` where x > 0, else `alpha · (exp(x) - 1)`.
///
/// Input and output: any shape.
///
/// Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential linear units, 2015.
public struct ELU: Layer, Hashable {
    /// `ELU`.
    public static let kind = "ELU"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// What outputs approach, with a minus, where x is far below zero.
    public let alpha: Float

    /// An exponential linear unit; names and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - alpha: what outputs approach, with a minus, where x is far below zero: a finite number. Default 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(alpha: Float = 1, name: String? = nil) {
        self.alpha = alpha
        self.name = name
    }

    /// Emits an `Activate`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if alpha is not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        return try lowering.emit(Activate(.elu(alpha: alpha)), x)
    }
}
