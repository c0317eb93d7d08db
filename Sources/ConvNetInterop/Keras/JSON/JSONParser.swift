import Foundation
import SwiftConvNet

/// Reads JSON as RFC 8259 has it, and the words `NaN`, `Infinity` and `-Infinity` that Python writes.
///
/// Nesting is limited, and of equal keys in one object none is kept in silence: they are refused.
package struct JSONParser {
    /// The deepest nesting of lists and objects.
    static let depthLimit = 200

    private let bytes: [UInt8]
    private let name: String
    private var place = 0

    /// The value that bytes hold.
    ///
    /// - Parameter name: what errors call them.
    /// - Throws: `ConvNetError` of kind `format` with the byte where it goes wrong.
    package static func value(of bytes: [UInt8], name: String) throws -> JSONValue {
        var parser = JSONParser(bytes: bytes, name: name)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.place == bytes.count else { throw parser.failure("the end") }
        return value
    }

    private init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    private func failure(_ expected: String) -> ConvNetError {
        ConvNetError(
            .format,
            "The JSON is broken",
            at: "\(name), byte \(place)",
            expected: expected,
            received: place < bytes.count
                ? "\"\(String(decoding: bytes[place..<min(place + 8, bytes.count)], as: UTF8.self))\""
                : "the end"
        )
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth <= Self.depthLimit else { throw failure("at most \(Self.depthLimit) levels") }
        skipSpace()
        guard place < bytes.count else { throw failure("a value") }
        switch bytes[place] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        default:
            for (word, value) in Self.words where bytes[place...].starts(with: word.utf8) {
                place += word.utf8.count
                return value
            }
            return try number()
        }
    }

    private static let words: [(String, JSONValue)] = [
        ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("NaN", .number(.nan)),
        ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
    ]

    private mutating func object(depth: Int) throws -> JSONValue {
        place += 1
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw failure("a key") }
            let key = try text()
            guard members[key] == nil else {
                throw failure("each key once in an object, not \"\(key)\" again")
            }
            guard take(UInt8(ascii: ":")) else { throw failure(":") }
            members[key] = try value(depth: depth + 1)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure(", or }") }
        return .object(members)
    }

    private mutating func list(depth: Int) throws -> JSONValue {
        place += 1
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .list(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure(", or ]") }
        return .list(elements)
    }

    private mutating func number() throws -> JSONValue {
        let start = place
        while place < bytes.count, Self.numberBytes.contains(bytes[place]) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        let isNumber = word.first?.isNumber == true || word.hasPrefix("-")
        guard isNumber, let number = Double(word) else {
            place = start
            throw failure("a value")
        }
        return Int(word).map { .integer($0) } ?? .number(number)
    }

    private static let numberBytes = Set("+-.eE0123456789".utf8)

    private mutating func text() throws -> String {
        place += 1
        var content: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw failure("UTF-8") }
                return text
            case UInt8(ascii: "\\"): content += try escaped()
            case 0..<32: throw failure("no control character in a text")
            default: content.append(byte)
            }
        }
        throw failure("the end of a text")
    }

    /// The bytes that an escape stands for.
    private mutating func escaped() throws -> [UInt8] {
        guard place < bytes.count else { throw failure("an escape") }
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            var units = [try unit()]
            if (0xD800..<0xDC00).contains(units[0]), bytes[place...].starts(with: [0x5C, 0x75]) {
                place += 2
                units.append(try unit())
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw failure("a pair of surrogates")
            }
            return Array(text.utf8)
        default: throw failure("an escape that there is")
        }
    }

    private mutating func unit() throws -> UInt16 {
        guard place + 4 <= bytes.count,
            // `UInt16` would take a sign, too.
            bytes[place] != UInt8(ascii: "+"),
            let unit = UInt16(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits") }
        place += 4
        return unit
    }
}
