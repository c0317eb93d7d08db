/// Divides each row of a sample by its norm, the root of the sum of its squares, so that it has length 1.
///
/// ```
/// y = x / max(sqrt(sum of x²), 1e-12)
/// ```
///
/// The sum is taken over the axes that `axis` names, for each place along the others and each sample. There is nothing to learn;
/// training and use are the same. Input and output: any shape.
///
/// ```swift
/// UnitNormalization(axis: [1, 2, 3])         // each image as a vector of length 1
/// ```
public struct UnitNormalization: Layer, Hashable {
    /// `UnitNormalization`.
    public static let kind = "UnitNormalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axes over which the sum is taken.
    public let axis: Axes

    /// A normalisation by the norm; names and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - axis: the axes over which the sum is taken, counted as Keras does: 1 is the first of a sample, -1 the last. Default -1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(axis: Axes = -1, name: String? = nil) {
        self.axis = axis
        self.name = name
    }

    /// Emits a `SampleNormalization`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        let places = try lowering.places(of: axis, in: x.shape)
        return [try lowering.normalizeRows(x, along: places, by: .norm, epsilon: 0)]
    }
}
