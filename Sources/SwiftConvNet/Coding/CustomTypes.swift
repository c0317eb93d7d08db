/// The types from outside this library that a file may name: `Model.load(from:customTypes:)` needs them to read
/// a model that uses them.
///
/// ```swift
/// let model = try Model.load(from: "scale.safetensors", customTypes: CustomTypes(layers: [Scale.self]))
/// ```
public struct CustomTypes: Sendable {
    /// Layers.
    public var layers: [any Layer.Type]
    /// Initializers.
    public var initializers: [any Initializer.Type]
    /// Losses.
    public var losses: [any Loss.Type]
    /// Metrics.
    public var metrics: [any Metric.Type]
    /// Optimizers.
    public var optimizers: [any Optimizer.Type]
    /// Regularizers.
    public var regularizers: [any Regularizer.Type]
    /// Constraints.
    public var constraints: [any Constraint.Type]
    /// Schedules of the learning rate.
    public var schedules: [any LearningRateSchedule.Type]
    /// Activation functions.
    public var activations: [any CustomActivation.Type]

    /// Types by what they are; none unless given.
    public init(
        layers: [any Layer.Type] = [],
        initializers: [any Initializer.Type] = [],
        losses: [any Loss.Type] = [],
        metrics: [any Metric.Type] = [],
        optimizers: [any Optimizer.Type] = [],
        regularizers: [any Regularizer.Type] = [],
        constraints: [any Constraint.Type] = [],
        schedules: [any LearningRateSchedule.Type] = [],
        activations: [any CustomActivation.Type] = []
    ) {
        self.layers = layers
        self.initializers = initializers
        self.losses = losses
        self.metrics = metrics
        self.optimizers = optimizers
        self.regularizers = regularizers
        self.constraints = constraints
        self.schedules = schedules
        self.activations = activations
    }
}

extension CustomTypes {
    /// Where a decoder finds the types that it may make.
    static let userInfoKey = CodingUserInfoKey(rawValue: "SwiftConvNet.CustomTypes").unsafelyUnwrapped
}
