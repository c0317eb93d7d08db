import SwiftConvNet

extension JSONValue {
    /// The deepest nesting of lists and objects that is read.
    static let depthLimit = 200

    /// Reads JSON as RFC 8259 has it, and the words `NaN`, `Infinity` and `-Infinity` that Python writes.
    ///
    /// Of equal keys in one object none is kept in silence: they are refused.
    ///
    /// - Parameter name: what errors call the bytes.
    /// - Throws: `ConvNetError` of kind `format` with the byte where it goes wrong.
    package init(_ bytes: [UInt8], name: String) throws {
        var cursor = JSONCursor(bytes, file: name, part: "text")
        self = try Self(&cursor, depth: 0)
        try cursor.expectEnd()
    }

    private init(_ cursor: inout JSONCursor, depth: Int) throws {
        guard depth <= Self.depthLimit else { throw cursor.unexpected("at most \(Self.depthLimit) levels") }
        switch cursor.next {
        case UInt8(ascii: "{"):
            var members: [String: JSONValue] = [:]
            try cursor.object { cursor, key, _ in members[key] = try Self(&cursor, depth: depth + 1) }
            self = .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try cursor.list { elements.append(try Self(&$0, depth: depth + 1)) }
            self = .list(elements)
        case UInt8(ascii: "\""): self = .text(try cursor.string())
        case _ where cursor.take(word: "null"): self = .null
        case _ where cursor.take(word: "true"): self = .bool(true)
        case _ where cursor.take(word: "false"): self = .bool(false)
        case _ where cursor.take(word: "NaN"): self = .number(.nan)
        case _ where cursor.take(word: "Infinity"): self = .number(.infinity)
        case _ where cursor.take(word: "-Infinity"): self = .number(-.infinity)
        case let byte?
        where byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
            let numeral = try cursor.numeral()
            // One out of range is an infinity, as in Python.
            guard let number = Double(numeral) else { throw cursor.unexpected("a number") }
            self = Int(numeral).map { .integer($0) } ?? .number(number)
        default: throw cursor.unexpected("a value")
        }
    }
}
