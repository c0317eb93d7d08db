/// What `ConvNet.selfTest` has found.
public struct SelfTestReport: Sendable {
    /// How a check ended.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// All is well.
        case passed
        /// Results are right, but something makes the library slower than it could be, or is about to run out.
        case warning
        /// Results would be wrong, or the library cannot work.
        case failed
    }

    /// One check.
    public struct Check: Sendable, Hashable, Codable {
        /// What was checked.
        public let name: String
        /// How it ended.
        public let outcome: Outcome
        /// What was seen.
        public let finding: String
        /// How to mend it, if there is something to mend.
        public let remedy: String?

        package init(_ name: String, _ outcome: Outcome, _ finding: String, remedy: String? = nil) {
            self.name = name
            self.outcome = outcome
            self.finding = finding
            self.remedy = remedy
        }
    }

    /// One thing that is neither right nor wrong, but good to know.
    public struct Fact: Sendable, Hashable, Codable {
        /// What it is.
        public let name: String
        /// Its value, for people.
        public let value: String
    }

    /// The machine and the libraries: versions, core, threads, vector level, processors, memory limits, environment.
    public let facts: [Fact]
    /// The checks, in order.
    public let checks: [Check]

    /// Whether no check failed; warnings count as passed.
    public var passes: Bool { checks.allSatisfy { $0.outcome != .failed } }

    package init(facts: [Fact], checks: [Check]) {
        self.facts = facts
        self.checks = checks
    }
}

extension SelfTestReport: CustomStringConvertible {
    /// The facts, then a line for each check, with the remedy below it.
    public var description: String {
        let width = facts.map(\.name.count).max() ?? 0
        let lines =
            facts.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.value } + [""]
            + checks.flatMap { check in
                ["\(check.outcome.mark)  \(check.name): \(check.finding)."]
                    + (check.remedy.map { ["       \($0)."] } ?? [])
            }
        return lines.joined(separator: "\n")
    }
}

extension SelfTestReport.Outcome {
    /// Four letters, so that lines stand below each other.
    fileprivate var mark: String {
        switch self {
        case .passed: "ok  "
        case .warning: "warn"
        case .failed: "FAIL"
        }
    }
}
