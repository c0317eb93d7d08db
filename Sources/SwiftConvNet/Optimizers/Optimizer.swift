/// A rule that changes parameters by their gradients.
///
/// An optimizer is a description; the state that it needs from step to step is kept by the model: its slots, some numbers for each
/// parameter, and its scalars.
public protocol Optimizer: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }
    /// How far a step goes, now or as a function of the step.
    var learningRate: LearningRate { get }
    /// How gradients are limited before the update. The default is not at all.
    ///
    /// Keras' `clipnorm`, `global_clipnorm` and `clipvalue`, of which it allows one.
    var clipping: GradientClipping? { get }
    /// The share of themselves, times the learning rate, that all trainable parameters lose before each update:
    /// `w -= rate · decay · w`. The default is none.
    var weightDecay: Float? { get }
    /// The names of the slots, in the order in which Keras saves them: `["momentum", "velocity"]` for Adam.
    /// The default is none.
    var slots: [String] { get }
    /// The names of the numbers that it keeps for all parameters together. The default is none.
    var scalars: [String] { get }
    /// What a call of `update` gets. The default is `.elements`.
    var granularity: OptimizerGranularity { get }

    /// Checks the settings.
    ///
    /// - Throws: `ConvNetError` of kind `argument` that names the one out of range.
    func validate() throws

    /// The share of itself that a parameter loses before each update. The default is `weightDecay`.
    func weightDecay(of parameter: OptimizedParameter) -> Float?

    /// The shape of a parameter's slot; `nil` if it has none. The default is the parameter's own, the only one that suits an optimizer
    /// by elements.
    func slotShape(_ index: Int, of parameter: OptimizedParameter) -> Shape?

    /// Gives a slot its first values: it is full of zeros. The default leaves it so.
    func initializeSlot(
        _ index: Int,
        _ values: UnsafeMutableBufferPointer<Float>,
        of parameter: UnsafeBufferPointer<Float>
    )

    /// The first values of the scalars. The default is 0 for each.
    var initialScalars: [Double] { get }

    /// Changes the scalars at the beginning of a step, before any parameter. The default leaves them.
    ///
    /// - Parameter step: the number of the step, counted from 1.
    func advance(_ scalars: UnsafeMutableBufferPointer<Double>, step: Int)

    /// How many numbers `update` needs to put aside for a parameter while it runs. The default is 0.
    func scratchCount(for parameter: OptimizedParameter) -> Int

    /// Changes some parameters. Called from several threads at once, each with parameters of its own; a part
    /// never spans two parameters, but may be a piece of one.
    func update(_ part: OptimizerPart)
}

extension Optimizer {
    public var clipping: GradientClipping? { nil }
    public var weightDecay: Float? { nil }
    public var slots: [String] { [] }
    public var scalars: [String] { [] }
    public var granularity: OptimizerGranularity { .elements }
    public func weightDecay(of parameter: OptimizedParameter) -> Float? { weightDecay }
    public func slotShape(_ index: Int, of parameter: OptimizedParameter) -> Shape? { parameter.shape }
    public func initializeSlot(
        _ index: Int,
        _ values: UnsafeMutableBufferPointer<Float>,
        of parameter: UnsafeBufferPointer<Float>
    ) {}
    public var initialScalars: [Double] { Array(repeating: 0, count: scalars.count) }
    public func advance(_ scalars: UnsafeMutableBufferPointer<Double>, step: Int) {}
    public func scratchCount(for parameter: OptimizedParameter) -> Int { 0 }
}

/// What a call of an optimizer's `update` gets.
public enum OptimizerGranularity: Sendable, Hashable {
    /// A piece of a parameter, each element for itself: a large parameter is shared out to the workers.
    case elements
    /// A whole parameter, for rules that look at its norm, or at its rows and columns.
    case parameters
}

/// A parameter as an optimizer knows it before the first step.
public struct OptimizedParameter: Sendable {
    /// The layer's name and the parameter's: `conv2d/kernel`.
    public let name: String
    /// The sizes of its axes.
    public let shape: Shape

    /// A parameter by its name and shape.
    public init(name: String, shape: Shape) {
        self.name = name
        self.shape = shape
    }
}

extension Optimizer {
    /// Throws unless all settings that are named are in their range.
    func require(_ isValid: Bool, _ names: String, expected: String, received: String) throws {
        guard isValid else {
            throw ConvNetError(
                .argument,
                "A setting of the optimizer is out of its range",
                at: names,
                expected: expected,
                received: received
            )
        }
    }
}
