/// How well a layer's gradients agree with finite differences: what `checkGradients` returns.
///
/// ```swift
/// let report = try checkGradients(of: Conv1D(filters: 2, kernelSize: 3), inputShapes: [[7, 2]])
/// precondition(report.passes, "\(report)")
/// ```
public struct GradientReport: Sendable, Hashable {
    /// One input of the layer, or one parameter.
    public struct Entry: Sendable, Hashable {
        /// `input 0`, `input 1`, or the parameter's name: `kernel`.
        public let name: String
        /// The largest difference found, as a share of the largest difference quotient (at least 0.01).
        public let largestError: Double
        /// The quotients that have been compared.
        public let comparisons: Int
        /// The quotients that say nothing, for the layer has a kink near: between two steps they change by more than the
        /// tolerance.
        public let kinks: Int
    }

    /// The inputs, then the parameters that are trained.
    public let entries: [Entry]
    /// The largest error that passes.
    public let tolerance: Double

    /// Whether all errors are within the tolerance, and more than half of the quotients of each entry say something.
    public var passes: Bool {
        entries.allSatisfy { $0.largestError <= tolerance && $0.comparisons > $0.kinks }
    }

    /// The largest error of all entries.
    public var largestError: Double { entries.map(\.largestError).max() ?? 0 }
}

extension GradientReport: CustomStringConvertible {
    /// A line for each entry.
    public var description: String {
        entries.map { entry in
            let isGood = entry.largestError <= tolerance && entry.comparisons > entry.kinks
            return "\(entry.name): largest error \(entry.largestError) in \(entry.comparisons) quotients, "
                + "\(entry.kinks) at kinks\(isGood ? "" : " - does not pass")"
        }.joined(separator: "\n")
    }
}
