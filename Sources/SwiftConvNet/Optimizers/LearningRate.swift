/// How far a step goes: a number, or a function of the number of steps before it.
public struct LearningRate: Sendable {
    private let rate: @Sendable (Int) -> Float
    /// The number, if it is one; callbacks can change it while training.
    public let constant: Float?

    /// The same rate at every step.
    public init(_ rate: Float) {
        constant = rate
        self.rate = { _ in rate }
    }

    private init(schedule: @escaping @Sendable (Int) -> Float) {
        constant = nil
        rate = schedule
    }

    /// A rate that follows a function of the number of steps before the one at hand: 0 at the first.
    ///
    /// A function cannot be written to a file: a saved model keeps the rate of step 0 in its place.
    public static func schedule(_ rate: @escaping @Sendable (_ step: Int) -> Float) -> LearningRate {
        LearningRate(schedule: rate)
    }

    /// The rate of a step, counted from 0.
    public func callAsFunction(step: Int) -> Float { rate(step) }
}

extension LearningRate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral value: Float) { self.init(value) }
    public init(integerLiteral value: Int) { self.init(Float(value)) }
}

extension LearningRate: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Float.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rate(0))
    }
}

extension LearningRate {
    /// Checks the rate of step 0.
    func validate() throws {
        let first = rate(0)
        guard first >= 0, first.isFinite else {
            throw ConvNetError(
                .argument, "Not a learning rate", at: "learningRate",
                expected: "a finite number of at least 0",
                received: "\(first)")
        }
    }
}
