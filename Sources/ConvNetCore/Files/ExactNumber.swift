/// A number that stands in JSON as its bits: the 16 hexadecimal digits of a `Double`, `"3ff0000000000000"` for 1.
///
/// So it comes back as it was, whatever reads and writes the JSON; NaN and infinity too.
package struct ExactNumber: Sendable, Hashable, Codable {
    package let value: Double

    package init(_ value: Double) { self.value = value }

    /// A `Float`, which a `Double` holds exactly.
    package init(_ value: Float) { self.value = Double(value) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard text.utf8.count == 16, let bits = UInt64(text, radix: 16) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(text)\" is not the 16 hexadecimal digits of a number"
            )
        }
        value = Double(bitPattern: bits)
    }

    package func encode(to encoder: any Encoder) throws {
        let digits = String(value.bitPattern, radix: 16)
        var container = encoder.singleValueContainer()
        try container.encode(String(repeating: "0", count: 16 - digits.count) + digits)
    }
}
