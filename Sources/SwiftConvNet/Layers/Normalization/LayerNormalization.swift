/// Brings each sample, or each row of it, to mean 0 and variance 1, then to a mean and a deviation that are learned.
///
/// ```
/// y = gamma · (x - mean) / sqrt(variance + epsilon) + beta
/// ```
///
/// Mean and variance (divided by the number of values) are taken over the axes that `axis` names, for each place along the others
/// and each sample. So a sample does not depend on the others of its batch, and training and use are the same.
///
/// Shapes, without the batch axis: input and output any shape; parameters gamma and beta have the sizes of the named axes, in the
/// order of the sample's axes.
///
/// ```swift
/// LayerNormalization(epsilon: 1e-6)          // for each pixel, over its channels
/// LayerNormalization(axis: [1, 2, 3])        // for each image
/// ```
///
/// Source: Ba, Kiros and Hinton, Layer normalization, 2016. Defaults are Keras'.
public struct LayerNormalization: Layer {
    /// `LayerNormalization`.
    public static let kind = "LayerNormalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axes over which mean and variance are taken.
    public let axis: Axes
    /// What is added to the variance, so that it is never 0.
    public let epsilon: Float
    /// Whether a mean is learned, beta.
    public let center: Bool
    /// Whether a deviation is learned, gamma.
    public let scale: Bool
    /// The first values of beta.
    @CodedInitializer public var betaInitializer: any Initializer
    /// The first values of gamma.
    @CodedInitializer public var gammaInitializer: any Initializer
    /// The penalty for beta, added to the loss.
    @CodedRegularizer public var betaRegularizer: (any Regularizer)?
    /// The penalty for gamma, added to the loss.
    @CodedRegularizer public var gammaRegularizer: (any Regularizer)?
    /// What beta satisfies after each step.
    @CodedConstraint public var betaConstraint: (any Constraint)?
    /// What gamma satisfies after each step.
    @CodedConstraint public var gammaConstraint: (any Constraint)?

    /// A normalisation of each sample; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - axis: the axes over which mean and variance are taken, counted as Keras does: 1 is the first of a sample, -1 the last.
    ///     Default -1.
    ///   - epsilon: what is added to the variance, at least 0. Default 0.001.
    ///   - center: whether a mean is learned. Default `true`.
    ///   - scale: whether a deviation is learned. Default `true`.
    ///   - betaInitializer: the first values of the learned mean. Default 0.
    ///   - gammaInitializer: the first values of the learned deviation. Default 1.
    ///   - betaRegularizer: the penalty for beta, added to the loss. Default none.
    ///   - gammaRegularizer: the penalty for gamma, added to the loss. Default none.
    ///   - betaConstraint: what beta satisfies after each step. Default nothing.
    ///   - gammaConstraint: what gamma satisfies after each step. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        axis: Axes = -1,
        epsilon: Float = 1e-3,
        center: Bool = true,
        scale: Bool = true,
        betaInitializer: any Initializer = .zeros,
        gammaInitializer: any Initializer = .ones,
        betaRegularizer: (any Regularizer)? = nil,
        gammaRegularizer: (any Regularizer)? = nil,
        betaConstraint: (any Constraint)? = nil,
        gammaConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        self.axis = axis
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        _betaInitializer = CodedInitializer(wrappedValue: betaInitializer)
        _gammaInitializer = CodedInitializer(wrappedValue: gammaInitializer)
        _betaRegularizer = CodedRegularizer(wrappedValue: betaRegularizer)
        _gammaRegularizer = CodedRegularizer(wrappedValue: gammaRegularizer)
        _betaConstraint = CodedConstraint(wrappedValue: betaConstraint)
        _gammaConstraint = CodedConstraint(wrappedValue: gammaConstraint)
        self.name = name
    }

    /// Emits a `SampleNormalization`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis or epsilon is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireEpsilon(epsilon)
        let places = try lowering.places(of: axis, in: x.shape)
        let sizes = Shape(places.map { x.shape[$0] })
        let gamma = ParameterRule(
            gammaInitializer,
            regularizer: gammaRegularizer,
            constraint: gammaConstraint
        )
        let beta = ParameterRule(
            betaInitializer,
            regularizer: betaRegularizer,
            constraint: betaConstraint
        )
        var parameters: [Value] = []
        if scale { parameters.append(try lowering.parameter("gamma", sizes, gamma)) }
        if center { parameters.append(try lowering.parameter("beta", sizes, beta)) }
        return [
            try lowering.normalizeRows(
                x,
                along: places,
                by: .deviation,
                epsilon: epsilon,
                parameters,
                scales: scale,
                centers: center
            )
        ]
    }
}
