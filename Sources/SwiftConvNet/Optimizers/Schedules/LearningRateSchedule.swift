/// A learning rate that follows from the number of steps done.
///
/// A schedule is a value that files hold: a model that is saved, or a run that is resumed, in the middle of a schedule continues it.
/// Names, defaults and formulas are Keras'.
///
/// ```swift
/// struct InverseRoot: LearningRateSchedule {
///     static let kind = "InverseRoot"
///     var initialLearningRate: Float
///     func rate(step: Int) -> Float { initialLearningRate / Float(step + 1).squareRoot() }
/// }
/// let optimizer = Adam(learningRate: LearningRate(InverseRoot(initialLearningRate: 0.1)))
/// ```
public protocol LearningRateSchedule: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }

    /// Checks the settings. The default checks nothing.
    ///
    /// - Throws: `ConvNetError` of kind `argument` that names the one out of range.
    func validate() throws

    /// The rate of the next step.
    ///
    /// - Parameter step: the number of steps before it: 0 at the first. Where several batches make a step, each batch counts, as in Keras.
    func rate(step: Int) -> Float
}

extension LearningRateSchedule {
    public func validate() throws {}

    /// Throws unless all settings that are named are in their range.
    func require(_ isValid: Bool, _ names: String, expected: String, received: String) throws {
        guard isValid else {
            throw ConvNetError(
                .argument,
                "A setting of a schedule is out of its range",
                at: "\(Self.kind), \(names)",
                expected: expected,
                received: received
            )
        }
    }
}
