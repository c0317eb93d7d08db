/// A rule that changes parameters by their gradients.
///
/// An optimizer is a description; the state that it needs from step to step, its slots, is kept by the model,
/// one number per parameter and slot.
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

    /// Checks the settings.
    ///
    /// - Throws: `ConvNetError` of kind `argument` that names the one out of range.
    func validate() throws

    /// Changes some parameters. Called from several threads at once, each with parameters of its own; a part
    /// never spans two parameters, but may be a piece of one.
    func update(_ part: OptimizerPart)
}

extension Optimizer {
    public var clipping: GradientClipping? { nil }
    public var weightDecay: Float? { nil }
    public var slots: [String] { [] }
}

/// Some parameters, as an optimizer sees them: `count` neighbours.
public struct OptimizerPart {
    /// The parameters, to be changed.
    public let parameters: UnsafeMutablePointer<Float>
    /// Their gradients, clipped.
    public let gradients: UnsafePointer<Float>
    /// The number of parameters.
    public let count: Int
    /// The learning rate of this step.
    public let learningRate: Float
    /// The number of this step, counted from 1.
    public let step: Int
    let firstSlot: UnsafeMutablePointer<Float>?
    let slotStride: Int
    let slotCount: Int

    /// The state of these parameters in slot `index`.
    ///
    /// - Precondition: the optimizer's `slots` have that index, as with `Array`.
    public func slot(_ index: Int) -> UnsafeMutablePointer<Float> {
        guard let firstSlot, (0..<slotCount).contains(index) else {
            preconditionFailure("the optimizer has \(slotCount) slots, and none of index \(index)")
        }
        return firstSlot + index * slotStride
    }
}

/// How gradients are limited before an update, as Keras' `clipnorm`, `global_clipnorm` and `clipvalue`.
public enum GradientClipping: Sendable, Hashable, Codable {
    /// Each parameter's gradient is scaled down to this Euclidean norm, if its norm is larger.
    case norm(Float)
    /// All gradients together are scaled down to this Euclidean norm, if theirs is larger.
    case globalNorm(Float)
    /// Each element is limited to minus this number ... this number.
    case value(Float)

    /// Checks the limit.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is not a positive number.
    func validate() throws {
        let limit =
            switch self {
            case .norm(let limit), .globalNorm(let limit), .value(let limit): limit
            }
        guard limit > 0, limit.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a limit for gradients",
                at: "clipping",
                expected: "a positive number",
                received: "\(limit)"
            )
        }
    }
}
