import Foundation

/// What a figure counts, how it is written, and whether more of it is better.
package enum Quantity: String, Sendable, Codable, CaseIterable {
    case gigaflops, imagesPerSecond, seconds, milliseconds, microseconds, megabytes
    /// How many times as fast; more than 1 is in our favour.
    case ratio
    /// A part of a whole, 0...1.
    case share
    /// A difference between results.
    case error

    /// The unit, as it stands in the heads of columns.
    package var unit: String {
        switch self {
        case .gigaflops: "GFLOP/s"
        case .imagesPerSecond: "images/s"
        case .seconds: "s"
        case .milliseconds: "ms"
        case .microseconds: "µs"
        case .megabytes: "MB"
        case .ratio: "×"
        case .share: "%"
        case .error: "largest error"
        }
    }

    /// Whether a larger number is the better one.
    package var isBetterWhenLarger: Bool {
        switch self {
        case .gigaflops, .imagesPerSecond, .ratio, .share: true
        case .seconds, .milliseconds, .microseconds, .megabytes, .error: false
        }
    }

    /// A value without its unit, with three or four digits that count.
    package func text(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        switch self {
        case .share: return String(format: "%.0f", value * 100)
        case .ratio: return String(format: "%.2f", value)
        case .error: return String(format: "%.1e", value)
        default: break
        }
        switch abs(value) {
        case 0: return "0"
        case 1000...: return Self.grouped(value)
        case 100...: return String(format: "%.0f", value)
        case 10...: return String(format: "%.1f", value)
        case 1...: return String(format: "%.2f", value)
        default: return String(format: "%.3f", value)
        }
    }

    /// 54600 as `54,600`.
    private static func grouped(_ value: Double) -> String {
        var digits = String(format: "%.0f", abs(value))
        var parts: [String] = []
        while digits.count > 3 {
            parts.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + parts).joined(separator: ",")
    }
}
