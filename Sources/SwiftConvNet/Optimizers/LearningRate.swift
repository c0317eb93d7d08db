/// How far a step goes: a number, or a function of the number of steps before it.
public struct LearningRate: Sendable {
    private let rate: @Sendable (Int) -> Float
    /// The number, if it is one; callbacks can change it while training.
    public let constant: Float?
    /// Whether the number is what a file has kept of a schedule: see `schedule`.
    public let isFrozenSchedule: Bool

    /// The same rate at every step.
    public init(_ rate: Float) { self.init(rate, isFrozenSchedule: false) }

    private init(_ rate: Float, isFrozenSchedule: Bool) {
        constant = rate
        self.isFrozenSchedule = isFrozenSchedule
        self.rate = { _ in rate }
    }

    private init(schedule: @escaping @Sendable (Int) -> Float) {
        constant = nil
        isFrozenSchedule = false
        rate = schedule
    }

    /// A rate that follows a function of the number of steps before the one at hand: 0 at the first.
    ///
    /// A function cannot be written to a file. A saved model keeps in its place the rate of the step at which it is saved,
    /// and that it came from a schedule: the loaded model has this rate, `hasFrozenSchedule` is true, and `fit` says so.
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
    /// Where an encoder that writes a model's file finds the step at which the model is saved.
    static let stepKey = CodingUserInfoKey(rawValue: "SwiftConvNet.step").unsafelyUnwrapped

    /// What a file keeps of a schedule: `{"schedule": 0.1}`.
    private enum Keys: String, CodingKey {
        /// The rate of the step at which the model was saved.
        case schedule
    }

    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Keys.self) {
            self.init(try container.decode(Float.self, forKey: .schedule), isFrozenSchedule: true)
        } else {
            self.init(try decoder.singleValueContainer().decode(Float.self))
        }
    }

    /// Writes a number: the rate, or a schedule's at step 0. In a model's file a schedule is marked as one, and has the
    /// rate of the step at which the model is saved.
    public func encode(to encoder: any Encoder) throws {
        if let step = encoder.userInfo[Self.stepKey] as? Int, constant == nil || isFrozenSchedule {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(rate(step), forKey: .schedule)
        } else {
            var container = encoder.singleValueContainer()
            try container.encode(rate(0))
        }
    }
}

extension LearningRate {
    /// Checks the rate of step 0.
    func validate() throws {
        let first = rate(0)
        guard first >= 0, first.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a learning rate",
                at: "learningRate",
                expected: "a finite number of at least 0",
                received: "\(first)"
            )
        }
    }
}
