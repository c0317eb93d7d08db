/// Divides each row of a sample by the root of the mean of its squares, and multiplies by a scale that is learned.
///
/// ```
/// y = scale · x / sqrt(mean of x² + epsilon)
/// ```
///
/// The mean is taken over the axes that `axis` names, for each place along the others and each sample. Training and use are the same.
///
/// Shapes, without the batch axis: input and output any shape; the parameter `scale` has the sizes of the named axes, in the order
/// of the sample's axes.
///
/// ```swift
/// RMSNormalization()
/// ```
///
/// Source: Zhang and Sennrich, Root mean square layer normalization, 2019. Defaults are Keras'.
public struct RMSNormalization: Layer, Hashable {
    /// `RMSNormalization`.
    public static let kind = "RMSNormalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axes over which the mean is taken.
    public let axis: Axes
    /// What is added to the mean of squares, so that it is never 0.
    public let epsilon: Float

    /// A normalisation by the root of the mean of squares; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - axis: the axes over which the mean is taken, counted as Keras does: 1 is the first of a sample, -1 the last. Default -1.
    ///   - epsilon: what is added to the mean of squares, at least 0. Default 0.000001.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(axis: Axes = -1, epsilon: Float = 1e-6, name: String? = nil) {
        self.axis = axis
        self.epsilon = epsilon
        self.name = name
    }

    /// Emits a `SampleNormalization`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis or epsilon is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireEpsilon(epsilon)
        let places = try lowering.places(of: axis, in: x.shape)
        let scale = try lowering.parameter("scale", Shape(places.map { x.shape[$0] }), .ones)
        return [
            try lowering.normalizeRows(
                x,
                along: places,
                by: .rootMeanSquare,
                epsilon: epsilon,
                [scale],
                scales: true
            )
        ]
    }
}
