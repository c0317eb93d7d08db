import Foundation

/// A number with a fixed count of decimals, with a point whatever the locale; no negative zero.
package func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    let decimals = min(max(decimals, 0), 15)
    // Without a locale, Foundation formats as C does.
    let text = String(format: "%.\(decimals)f", value)
    return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) }
        ? String(text.dropFirst()) : text
}

/// A coordinate of an SVG picture: at most two decimals, without trailing zeros.
package func coordinate(_ value: Double) -> String {
    var text = fixed(value.isFinite ? value : 0, decimals: 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
}

/// A share as a percentage without its sign, in at most four characters: `99.1`, `100`, `-` for none.
///
/// Only the whole is written `100`; a little less is rounded to 99.9.
package func percentNumber(_ share: Double?) -> String {
    guard let share, share.isFinite else { return "-" }
    return share >= 1 ? "100" : fixed(min(share * 100, 99.9), decimals: 1)
}

/// A whole number with commas between thousands: `10,000`.
package func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var parts: [String] = []
    while digits.count > 3 {
        parts.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + parts).joined(separator: ",")
}
