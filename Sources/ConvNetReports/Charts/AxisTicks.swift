import Foundation

/// Round numbers along an axis.
///
/// After Paul Heckbert, "Nice Numbers for Graph Labels", Graphics Gems (1990): steps of 1, 2 or 5 times a
/// power of ten. Ticks are computed from whole multiples of the step, so that 0.3 is 0.3 and not 0.1 * 3.
package struct AxisTicks: Hashable, Sendable {
    /// The ticks, ascending.
    package let values: [Double]
    /// The part of the axis that is drawn.
    package let domain: ClosedRange<Double>
    /// The power of ten of the step.
    private let exponent: Int

    /// Ticks for values within `range`.
    ///
    /// - Parameters:
    ///   - range: the smallest and the largest value; equal ones are widened.
    ///   - count: about how many ticks to make, at least 2.
    ///   - rounded: whether the axis reaches to round numbers on both sides (Heckbert's loose labels); if
    ///     not, it ends where the values do.
    ///   - whole: whether only whole numbers make sense, as for epochs.
    package init(covering range: ClosedRange<Double>, about count: Int, rounded: Bool, whole: Bool = false) {
        let range = Self.widened(range, whole: whole)
        var count = max(count, 2)
        var found = Self.ticks(for: range, count: count, rounded: rounded, whole: whole)
        // An axis that ends with the values may hold no round number: finer steps have one.
        while found.values.count < 2, !(whole && !found.values.isEmpty), count <= 64 {
            count *= 2
            found = Self.ticks(for: range, count: count, rounded: rounded, whole: whole)
        }
        (values, exponent) = found
        domain = rounded ? (values.first ?? range.lowerBound)...(values.last ?? range.upperBound) : range
    }

    /// The number at a tick, with as many decimals as tell the ticks apart.
    package func label(_ value: Double, style: LineChart.Axis.NumberStyle) -> String {
        let largest = max(abs(domain.lowerBound), abs(domain.upperBound))
        if style == .percent, largest < 1e4, exponent >= -7 {
            return fixed(value * 100, decimals: -(exponent + 2)) + " %"
        }
        guard largest >= 1e6 || exponent < -5 else { return fixed(value, decimals: -exponent) }
        if value == 0 { return "0" }
        let power = Int(log10(abs(value) * (1 + 1e-12)).rounded(.down))
        return fixed(value / pow(10, Double(power)), decimals: min(power - exponent, 12)) + "e\(power)"
    }

    /// A range that can be divided: equal or nearly equal ends are moved apart.
    private static func widened(_ range: ClosedRange<Double>, whole: Bool) -> ClosedRange<Double> {
        let (low, high) = (range.lowerBound, range.upperBound)
        let size = max(abs(low), abs(high))
        guard high - low <= size * 1e-9 || high - low < 1e-150 else { return range }
        let margin = whole && size < 1e9 ? 0.5 : size < 1e-140 ? 1 : size * 0.1
        return (low - margin)...(high + margin)
    }

    private static func ticks(
        for range: ClosedRange<Double>,
        count: Int,
        rounded: Bool,
        whole: Bool
    ) -> (values: [Double], exponent: Int) {
        var span = range.upperBound - range.lowerBound
        if rounded {
            let (digit, exponent) = niceParts(span, nearest: false)
            span = multiple(digit, exponent)
        }
        var (digit, exponent) = niceParts(span / Double(count - 1), nearest: true)
        if whole, exponent < 0 { (digit, exponent) = (1, 0) }
        let step = multiple(digit, exponent)
        // The tolerance keeps 0.3 / 0.1 = 2.9999999999999996 from counting as below 3.
        let (lowest, highest) = (range.lowerBound / step, range.upperBound / step)
        let first = rounded ? (lowest + 1e-6).rounded(.down) : (lowest - 1e-6).rounded(.up)
        let last = rounded ? (highest - 1e-6).rounded(.up) : (highest + 1e-6).rounded(.down)
        // `+ 0` makes a zero of either sign positive.
        return (
            stride(from: first, through: last, by: 1).map { multiple($0 * digit, exponent) + 0 }, exponent
        )
    }

    private static func niceParts(_ value: Double, nearest: Bool) -> (digit: Double, exponent: Int) {
        var exponent = Int(log10(value).rounded(.down))
        let fraction = value / pow(10, Double(exponent))
        let limits = nearest ? [1.5, 3, 7] : [1.000001, 2.000001, 5.000001]
        let digits = [1.0, 2, 5]
        if let place = limits.firstIndex(where: { fraction < $0 }) { return (digits[place], exponent) }
        exponent += 1
        return (1, exponent)
    }

    /// `digit * 10^exponent`, by a division for negative exponents, which rounds to the literal's value.
    private static func multiple(_ digit: Double, _ exponent: Int) -> Double {
        exponent < 0 ? digit / pow(10, Double(-exponent)) : digit * pow(10, Double(exponent))
    }
}
