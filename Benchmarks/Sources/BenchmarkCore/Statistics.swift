import Foundation

/// Several runs of the same work in three numbers.
package struct Statistics: Sendable, Hashable {
    /// The value in the middle.
    package let median: Double
    /// The smallest and the largest value.
    package let minimum: Double, maximum: Double
    /// The distance between the quartiles, as a share of the median: how far single runs are to be trusted.
    package let spread: Double
    /// The number of values.
    package let count: Int

    /// - Precondition: there is a value.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "statistics need a value")
        let sorted = values.sorted()
        median = Self.quantile(0.5, of: sorted)
        minimum = sorted[0]
        maximum = sorted[sorted.count - 1]
        let distance = Self.quantile(0.75, of: sorted) - Self.quantile(0.25, of: sorted)
        spread = median == 0 ? 0 : distance / median
        count = sorted.count
    }

    /// The value below which a share of the values lies, between neighbours in proportion.
    ///
    /// - Precondition: the values are sorted, and there is one.
    package static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let lower = Int(place)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (sorted[upper] - sorted[lower]) * (place - Double(lower))
    }

    /// The geometric mean: the mean of ratios.
    ///
    /// - Precondition: there is a value, and all are positive.
    package static func geometricMean(_ values: [Double]) -> Double {
        precondition(!values.isEmpty, "a mean needs a value")
        return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    }
}
