/// The rectifier whose slope below zero learns: `y = x` where x > 0, else `alpha · x`.
///
/// Shapes, without the batch axis: input and output any shape; the parameter alpha has the shape of a sample, and 1 along
/// the shared axes. After a convolution over images, `sharedAxes: [1, 2]` gives each channel one slope.
///
/// ```swift
/// PReLU(sharedAxes: [1, 2])
/// ```
///
/// Source: He and others, Delving deep into rectifiers, 2015.
public struct PReLU: Layer {
    /// `PReLU`.
    public static let kind = "PReLU"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The first values of the slopes.
    @CodedInitializer public var alphaInitializer: any Initializer
    /// The penalty for the slopes, added to the loss.
    @CodedRegularizer public var alphaRegularizer: (any Regularizer)?
    /// What the slopes satisfy after each step.
    @CodedConstraint public var alphaConstraint: (any Constraint)?
    /// The axes along which all places share one slope.
    public let sharedAxes: [Int]?

    /// A rectifier whose slope learns; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - alphaInitializer: the first values of the slopes. Default 0.
    ///   - alphaRegularizer: the penalty for the slopes, added to the loss. Default none.
    ///   - alphaConstraint: what the slopes satisfy after each step. Default nothing.
    ///   - sharedAxes: the axes along which all places share one slope, counted as Keras does: 1 is the first of a sample, -1
    ///     the last. The default, `nil`, gives each element a slope of its own.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(
        alphaInitializer: any Initializer = .zeros,
        alphaRegularizer: (any Regularizer)? = nil,
        alphaConstraint: (any Constraint)? = nil,
        sharedAxes: [Int]? = nil,
        name: String? = nil
    ) {
        _alphaInitializer = CodedInitializer(wrappedValue: alphaInitializer)
        _alphaRegularizer = CodedRegularizer(wrappedValue: alphaRegularizer)
        _alphaConstraint = CodedConstraint(wrappedValue: alphaConstraint)
        self.sharedAxes = sharedAxes
        self.name = name
    }

    /// Emits a `ParametricReLU`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        var sizes = x.shape.dimensions
        for axis in sharedAxes ?? [] {
            sizes[try lowering.place(ofAxis: axis, in: x.shape, as: "sharedAxes")] = 1
        }
        let rule = ParameterRule(
            alphaInitializer,
            regularizer: alphaRegularizer,
            constraint: alphaConstraint
        )
        let alpha = try lowering.parameter("alpha", Shape(sizes), rule)
        return try lowering.emit(ParametricReLU(), x, alpha)
    }
}
