/// Times work, often enough to be trusted.
package struct Stopwatch: Sendable {
    /// How often work is timed.
    package let repeats: Int
    /// The least time of one repeat, in seconds: shorter work is done several times in each.
    package let minimumSeconds: Double

    package init(repeats: Int, minimumSeconds: Double = 0.1) {
        self.repeats = max(repeats, 1)
        self.minimumSeconds = minimumSeconds
    }

    /// The seconds of one call of `work`, once for each repeat, after calls that do not count.
    package func time(_ work: () throws -> Void) rethrows -> [Double] {
        // The first call makes plans and touches memory.
        let first = try Self.seconds(work)
        var calls = 1
        if first < minimumSeconds {
            let second = try Self.seconds(work)
            calls = max(1, Int((minimumSeconds / max(second, 1e-9)).rounded(.up)))
        }
        return try (0..<repeats).map { _ in
            try Self.seconds { for _ in 0..<calls { try work() } } / Double(calls)
        }
    }

    /// The seconds of one call.
    package static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let time = try ContinuousClock().measure(work)
        return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    }
}
