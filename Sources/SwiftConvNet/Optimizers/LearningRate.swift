/// How far a step goes: a number, a schedule, or a function of the number of steps before it.
public struct LearningRate: Sendable {
    private enum Rule {
        case constant(Float)
        case schedule(any LearningRateSchedule)
        case function(@Sendable (Int) -> Float)
    }

    private let rule: Rule
    /// Whether the number is what a file has kept of a function: see `schedule`.
    public let isFrozenSchedule: Bool

    /// The same rate at every step.
    public init(_ rate: Float) { self.init(.constant(rate)) }

    /// A rate that follows a schedule; files keep it.
    public init(_ schedule: any LearningRateSchedule) { self.init(.schedule(schedule)) }

    private init(_ rule: Rule, isFrozenSchedule: Bool = false) {
        self.rule = rule
        self.isFrozenSchedule = isFrozenSchedule
    }

    /// A rate that follows a function of the number of steps before the one at hand: 0 at the first.
    ///
    /// A function cannot be written to a file. A saved model keeps in its place the rate of the step at which it is saved,
    /// and that it came from a schedule: the loaded model has this rate, `hasFrozenSchedule` is true, and `fit` says so. A
    /// `LearningRateSchedule` is kept as it is.
    public static func schedule(_ rate: @escaping @Sendable (_ step: Int) -> Float) -> LearningRate {
        LearningRate(.function(rate))
    }

    /// The number, if it is one; callbacks can change it while training.
    public var constant: Float? {
        if case .constant(let rate) = rule { rate } else { nil }
    }

    /// The rate of a step, counted from 0.
    public func callAsFunction(step: Int) -> Float {
        switch rule {
        case .constant(let rate): rate
        case .schedule(let schedule): schedule.rate(step: step)
        case .function(let rate): rate(step)
        }
    }
}

extension LearningRate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral value: Float) { self.init(value) }
    public init(integerLiteral value: Int) { self.init(Float(value)) }
}

extension LearningRate: Codable {
    /// Where an encoder that writes a model's file finds the step at which the model is saved.
    static let stepKey = CodingUserInfoKey(rawValue: "SwiftConvNet.step").unsafelyUnwrapped

    /// What a file keeps of a function: `{"schedule": 0.1}`; a schedule stands there as the members of open sets do, with `kind`.
    private enum Keys: String, CodingKey {
        /// The rate of the step at which the model was saved.
        case schedule
        /// The name of a schedule's type.
        case kind
    }

    public init(from decoder: any Decoder) throws {
        guard let container = try? decoder.container(keyedBy: Keys.self) else {
            self.init(try decoder.singleValueContainer().decode(Float.self))
            return
        }
        if container.contains(.kind) {
            self.init(try OpenSet.schedules.decode(from: decoder))
        } else {
            self.init(.constant(try container.decode(Float.self, forKey: .schedule)), isFrozenSchedule: true)
        }
    }

    /// Writes a number, or a schedule. In a model's file a function is marked as one, and has the rate of the step at which the model
    /// is saved; elsewhere it has the rate of step 0.
    public func encode(to encoder: any Encoder) throws {
        if case .schedule(let schedule) = rule {
            try OpenSet.schedules.encode(schedule, to: encoder)
        } else if let step = encoder.userInfo[Self.stepKey] as? Int, constant == nil || isFrozenSchedule {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(self(step: step), forKey: .schedule)
        } else {
            var container = encoder.singleValueContainer()
            try container.encode(self(step: 0))
        }
    }
}

extension LearningRate {
    /// Checks the settings of a schedule, and the rate of step 0.
    func validate() throws {
        if case .schedule(let schedule) = rule { try schedule.validate() }
        let first = self(step: 0)
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
