/// How often `fit` writes a checkpoint, besides the one at its end.
///
/// ```swift
/// try model.fit(data, epochs: 20, checkpoint: .every(steps: 500), at: "checkpoints", resume: true)
/// ```
public struct CheckpointInterval: Sendable, Hashable {
    enum Rule: Sendable, Hashable {
        case steps(Int)
        case minutes(Double)
        case epochs
    }

    let rule: Rule

    /// After every so many steps, at least 1, counted on through the epochs.
    public static func every(steps: Int) -> CheckpointInterval { CheckpointInterval(rule: .steps(steps)) }

    /// After the first step that ends so many minutes, more than 0, after the last checkpoint.
    public static func every(minutes: Double) -> CheckpointInterval {
        CheckpointInterval(rule: .minutes(minutes))
    }

    /// After every epoch and its validation.
    public static let everyEpoch = CheckpointInterval(rule: .epochs)

    /// Checks the number.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is out of range.
    func validate() throws {
        switch rule {
        case .steps(let count) where count < 1:
            throw ConvNetError(
                .argument,
                "Not a number of steps",
                at: "checkpoint",
                expected: "at least 1",
                received: "\(count)"
            )
        case .minutes(let minutes) where !(minutes > 0 && minutes.isFinite):
            throw ConvNetError(
                .argument,
                "Not a number of minutes",
                at: "checkpoint",
                expected: "a finite number above 0",
                received: "\(minutes)"
            )
        default: break
        }
    }
}
