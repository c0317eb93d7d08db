/// Adds a penalty for what passes through it to the loss, `l1 · sum of |x| + l2 · sum of x²`, and passes it on.
///
/// The penalty of a batch is divided by its number of samples, as in Keras. Input and output: any shape.
public struct ActivityRegularization: Layer, Hashable {
    /// `ActivityRegularization`.
    public static let kind = "ActivityRegularization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The factor of the sum of absolute values, at least 0.
    public let l1: Float
    /// The factor of the sum of squares, at least 0.
    public let l2: Float

    /// A layer that adds a penalty; both factors are 0 unless given.
    ///
    /// - Parameters:
    ///   - l1: the factor of the sum of absolute values, at least 0. Default 0.
    ///   - l2: the factor of the sum of squares, at least 0. Default 0.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(l1: Float = 0, l2: Float = 0, name: String? = nil) {
        self.l1 = l1
        self.l2 = l2
        self.name = name
    }

    /// Adds the penalty to the loss.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a factor is negative or not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try lowering.addPenalty(of: x, L1L2(l1: l1, l2: l2))
        return [x]
    }
}
