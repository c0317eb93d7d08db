/// Brings each group of channels of each sample to mean 0 and variance 1, then each channel to a mean and a deviation that
/// are learned.
///
/// ```
/// y = gamma · (x - mean) / sqrt(variance + epsilon) + beta
/// ```
///
/// Mean and variance (divided by the number of values) are taken over the neighbouring channels of a group and all other axes of a
/// sample. So a sample does not depend on the others of its batch, and training and use are the same. With as many groups as channels
/// it is instance normalisation.
///
/// Shapes, without the batch axis: input and output `[…, channels]`, or with the channels at another axis; parameters, each
/// `[channels]`: gamma, beta.
///
/// ```swift
/// GroupNormalization(groups: 8)
/// GroupNormalization(groups: -1)             // instance normalisation
/// ```
///
/// Source: Wu and He, Group normalization, 2018. Defaults are Keras'.
public struct GroupNormalization: Layer {
    /// `GroupNormalization`.
    public static let kind = "GroupNormalization"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The number of groups; -1 for as many as there are channels.
    public let groups: Int
    /// The axis of the channels.
    public let axis: Int
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

    /// A normalisation of groups of channels; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - groups: the number of groups, a divisor of the number of channels; -1 for as many as there are channels. Default 32.
    ///   - axis: the axis of the channels, counted as Keras does: 1 is the first of a sample, -1 the last. Default -1.
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
        groups: Int = 32,
        axis: Int = -1,
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
        self.groups = groups
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
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis, the groups do not divide the channels, or epsilon is
    ///   out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireEpsilon(epsilon)
        let place = try lowering.place(ofAxis: axis, in: x.shape)
        let channels = x.shape[place], count = groups == -1 ? channels : groups
        guard count >= 1, channels % count == 0 else {
            throw ConvNetError(
                .argument,
                "The channels must be divisible by the number of groups",
                at: "groups",
                expected: "a divisor of \(channels) channels, or -1 for as many groups",
                received: "\(groups)"
            )
        }
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
        if scale { parameters.append(try lowering.parameter("gamma", [channels], gamma)) }
        if center { parameters.append(try lowering.parameter("beta", [channels], beta)) }
        let normalize = SampleNormalization(
            .deviation,
            over: .channels(count),
            epsilon: epsilon,
            scales: scale,
            centers: center
        )
        return [
            try lowering.withLastAxis(place, of: x) { lowering, x in
                try lowering.emit(normalize, [x] + parameters)[0]
            }
        ]
    }
}
