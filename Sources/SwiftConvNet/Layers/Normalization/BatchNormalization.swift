/// Brings every channel to mean 0 and variance 1, then to a mean and a deviation that are learned.
///
/// ```
/// y = gamma · (x - mean) / sqrt(variance + epsilon) + beta
/// ```
///
/// The channels are the last axis, or the one that `axis` names; mean and variance are taken over all others. While training they are those of the
/// batch (the variance divided by the number of values, not by one less), and
/// `moving = moving · momentum + batch · (1 - momentum)` keeps their moving averages, which take their place in use. A layer
/// that is frozen (`SharedLayer.isTrainable`) normalises by the moving averages while training, too, and leaves them alone.
///
/// Keras' `synchronized` and `renorm` are no arguments: the statistics are those of the batch, whoever computes it.
///
/// Shapes, without the batch axis: input and output `[…, channels]`; parameters, each `[channels]`: gamma, beta,
/// moving_mean, moving_variance, in this order; the last two are kept, not learned.
///
/// Source: Ioffe and Szegedy, Batch normalization: accelerating deep network training by reducing internal covariate
/// shift, 2015. Defaults are Keras'.
public struct BatchNormalization: Layer {
    /// `BatchNormalization`.
    public static let kind = "BatchNormalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The axis of the channels, if it is not the last.
    private let otherAxis: Int?
    /// How much of the moving averages stays at each step, 0...1.
    public let momentum: Float
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
    /// The first values of the moving mean.
    @CodedInitializer public var movingMeanInitializer: any Initializer
    /// The first values of the moving variance.
    @CodedInitializer public var movingVarianceInitializer: any Initializer
    /// The penalty for beta, added to the loss.
    @CodedRegularizer public var betaRegularizer: (any Regularizer)?
    /// The penalty for gamma, added to the loss.
    @CodedRegularizer public var gammaRegularizer: (any Regularizer)?
    /// What beta satisfies after each step.
    @CodedConstraint public var betaConstraint: (any Constraint)?
    /// What gamma satisfies after each step.
    @CodedConstraint public var gammaConstraint: (any Constraint)?

    private enum CodingKeys: String, CodingKey {
        case name
        case otherAxis = "axis"
        case momentum, epsilon, center, scale
        case betaInitializer, gammaInitializer, movingMeanInitializer, movingVarianceInitializer
        case betaRegularizer, gammaRegularizer, betaConstraint, gammaConstraint
    }

    /// The axis of the channels, counted as Keras does: 1 is the first of a sample, -1 the last.
    public var axis: Int { otherAxis ?? -1 }

    /// A normalisation of each channel; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - axis: the axis of the channels, counted as Keras does: 1 is the first of a sample, -1 the last. Default -1.
    ///   - momentum: how much of the moving averages stays at each step, 0...1. Default 0.99.
    ///   - epsilon: what is added to the variance, at least 0. Default 0.001.
    ///   - center: whether a mean is learned. Default `true`.
    ///   - scale: whether a deviation is learned. Default `true`.
    ///   - betaInitializer: the first values of the learned mean. Default 0.
    ///   - gammaInitializer: the first values of the learned deviation. Default 1.
    ///   - movingMeanInitializer: the first values of the moving mean. Default 0.
    ///   - movingVarianceInitializer: the first values of the moving variance. Default 1.
    ///   - betaRegularizer: the penalty for beta, added to the loss. Default none.
    ///   - gammaRegularizer: the penalty for gamma, added to the loss. Default none.
    ///   - betaConstraint: what beta satisfies after each step. Default nothing.
    ///   - gammaConstraint: what gamma satisfies after each step. Default nothing.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        axis: Int = -1,
        momentum: Float = 0.99,
        epsilon: Float = 1e-3,
        center: Bool = true,
        scale: Bool = true,
        betaInitializer: any Initializer = .zeros,
        gammaInitializer: any Initializer = .ones,
        movingMeanInitializer: any Initializer = .zeros,
        movingVarianceInitializer: any Initializer = .ones,
        betaRegularizer: (any Regularizer)? = nil,
        gammaRegularizer: (any Regularizer)? = nil,
        betaConstraint: (any Constraint)? = nil,
        gammaConstraint: (any Constraint)? = nil,
        name: String? = nil
    ) {
        otherAxis = axis == -1 ? nil : axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        _betaInitializer = CodedInitializer(wrappedValue: betaInitializer)
        _gammaInitializer = CodedInitializer(wrappedValue: gammaInitializer)
        _movingMeanInitializer = CodedInitializer(wrappedValue: movingMeanInitializer)
        _movingVarianceInitializer = CodedInitializer(wrappedValue: movingVarianceInitializer)
        _betaRegularizer = CodedRegularizer(wrappedValue: betaRegularizer)
        _gammaRegularizer = CodedRegularizer(wrappedValue: gammaRegularizer)
        _betaConstraint = CodedConstraint(wrappedValue: betaConstraint)
        _gammaConstraint = CodedConstraint(wrappedValue: gammaConstraint)
        self.name = name
    }

    /// Emits a `NormalizeBatch`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis, or momentum or epsilon is out of its
    ///   range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard (0...1).contains(momentum) else {
            throw ConvNetError(
                .argument,
                "Not a share of the moving averages to keep",
                at: "momentum",
                expected: "0...1",
                received: "\(momentum)"
            )
        }
        try requireEpsilon(epsilon)
        // A sample without axes is one channel.
        let place = x.shape.rank == 0 && axis == -1 ? nil : try lowering.place(ofAxis: axis, in: x.shape)
        let channels: Shape = [place.map { x.shape[$0] } ?? 1]
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
        var operands: [Value] = []
        if scale { operands.append(try lowering.parameter("gamma", channels, gamma)) }
        if center { operands.append(try lowering.parameter("beta", channels, beta)) }
        operands.append(try lowering.state("moving_mean", channels, movingMeanInitializer))
        operands.append(try lowering.state("moving_variance", channels, movingVarianceInitializer))
        let normalize = NormalizeBatch(
            momentum: momentum,
            epsilon: epsilon,
            scales: scale,
            centers: center,
            usesBatchStatistics: lowering.mode == .training && !lowering.isFrozen
        )
        guard let place else { return try lowering.emit(normalize, [x] + operands) }
        return [
            try lowering.withLastAxis(place, of: x) { lowering, x in
                try lowering.emit(normalize, [x] + operands)[0]
            }
        ]
    }
}
