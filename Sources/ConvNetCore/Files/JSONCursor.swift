/// Reads the JSON of a file strictly, byte by byte: RFC 8259, no key twice in one object, and every error with the
/// byte's place in the file.
///
/// Foundation's readers keep one of two equal keys and say nothing, so that two programs could read two
/// different things from one file.
package struct JSONCursor {
    private let bytes: [UInt8]
    /// Where `bytes` begins in the file.
    private let origin: Int
    /// What errors call the file.
    private let file: String
    /// What errors call that part of the file.
    private let part: String
    private var place = 0

    package init(_ bytes: [UInt8], origin: Int = 0, file: String, part: String = "header") {
        self.bytes = bytes
        self.origin = origin
        self.file = file
        self.part = part
    }

    /// The place in the file of the byte that comes next.
    var offset: Int { origin + place }

    /// The byte that comes next, after white space; `nil` at the end.
    package var next: UInt8? {
        mutating get {
            skipSpace()
            return place < bytes.count ? bytes[place] : nil
        }
    }

    /// An object: calls `member` for each key, which must read the value.
    package mutating func object(
        _ member: (inout JSONCursor, _ key: String, _ keyOffset: Int) throws -> Void
    ) throws {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        var keys = Set<String>()
        repeat {
            skipSpace()
            let keyOffset = offset
            let key = try string()
            guard keys.insert(key).inserted else {
                throw failure(
                    "A key stands twice in one object",
                    at: keyOffset,
                    expected: "each key once",
                    received: "\"\(key)\""
                )
            }
            try expect(UInt8(ascii: ":"))
            try member(&self, key, keyOffset)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// A list: calls `element` for each element, which must read it.
    package mutating func list(_ element: (inout JSONCursor) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat { try element(&self) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// A list of whole numbers.
    mutating func integers() throws -> [Int] {
        var numbers: [Int] = []
        try list { numbers.append(try $0.integer()) }
        return numbers
    }

    /// Whether a word such as `true` comes next; if so, goes past it.
    package mutating func take(word: StaticString) -> Bool {
        skipSpace()
        let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[place...].starts(with: word) else { return false }
        place += word.count
        return true
    }

    /// The characters of a number, such as `-1.5e3`.
    package mutating func numeral() throws -> String {
        skipSpace()
        let start = place
        skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try skipDigits() }
        if skip(UInt8(ascii: ".")) { try skipDigits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "-")) { skip(UInt8(ascii: "+")) }
            try skipDigits()
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    @discardableResult
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func skipDigits() throws {
        let start = place
        while place < bytes.count, Self.digits.contains(bytes[place]) { place += 1 }
        guard place > start else { throw unexpected("a digit") }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    /// A whole number of at least 0, written with digits alone.
    mutating func integer() throws -> Int {
        skipSpace()
        let start = place
        var number = 0
        while place < bytes.count, Self.digits.contains(bytes[place]) {
            let (product, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int(bytes[place] - UInt8(ascii: "0")))
            guard !overflows, !overflowsToo, place == start || bytes[start] != UInt8(ascii: "0") else {
                throw failure(
                    "Not a whole number of this format",
                    at: origin + start,
                    expected: "digits, no leading zero, at most \(Int.max)"
                )
            }
            number = sum
            place += 1
        }
        guard place > start else { throw unexpected("a whole number of at least 0") }
        return number
    }

    /// A string.
    package mutating func string() throws -> String {
        skipSpace()
        let start = place
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw unexpected("a string") }
        place += 1
        var content: [UInt8] = []
        while true {
            guard place < bytes.count else { throw unexpected("the end of the string") }
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw failure("A string is not UTF-8", at: origin + start)
                }
                return text
            case UInt8(ascii: "\\"): content += try escaped()
            case 0..<0x20: throw unexpected("a string without control characters")
            default:
                content.append(byte)
                place += 1
            }
        }
    }

    /// The UTF-8 bytes of an escape such as `\n` or `\u00e9`.
    private mutating func escaped() throws -> [UInt8] {
        let start = offset
        place += 1
        guard place < bytes.count else { throw unexpected("the rest of an escape") }
        let letter = bytes[place]
        place += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]), bytes[place...].starts(with: "\\u".utf8) {
                place += 2
                units.append(try codeUnit())
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw failure("An escape is half a character", at: start, expected: "a pair of surrogates")
            }
            return Array(text.utf8)
        default:
            throw failure(
                "An unknown escape",
                at: start,
                expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"
            )
        }
    }

    private mutating func codeUnit() throws -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard place < bytes.count, let digit = Character(UnicodeScalar(bytes[place])).hexDigitValue else {
                throw unexpected("four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }

    /// Checks that nothing but white space follows.
    package mutating func expectEnd() throws {
        skipSpace()
        guard place == bytes.count else { throw unexpected("nothing but spaces after the value") }
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard take(byte) else { throw unexpected("\"\(UnicodeScalar(byte))\"") }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        return skip(byte)
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    /// The error for the byte that comes next.
    package func unexpected(_ expected: String) -> ConvNetError {
        let received =
            if place >= bytes.count {
                "the end of the \(part)"
            } else if (0x21..<0x7F).contains(bytes[place]) {
                "\"\(UnicodeScalar(bytes[place]))\""
            } else {
                "byte 0x" + String(bytes[place], radix: 16)
            }
        return failure(
            "The \(part) is not the JSON of this format",
            at: offset,
            expected: expected,
            received: received
        )
    }

    /// An error at a byte of the file.
    func failure(_ summary: String, at offset: Int, expected: String? = nil, received: String? = nil)
        -> ConvNetError
    {
        ConvNetError(.format, summary, at: "\(file), byte \(offset)", expected: expected, received: received)
    }
}
