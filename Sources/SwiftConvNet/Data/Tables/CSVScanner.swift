/// Walks through CSV text row by row; `CSVTable` says by which rules.
struct CSVScanner {
    /// A field, as it stands in the text. Small, for a row may have as many as it has bytes.
    struct Field {
        private let start: UInt32, end: UInt32
        /// Whether it stands in quotes, and whether there are doubled quotes in it.
        let isQuoted: Bool, hasEscapes: Bool

        /// - Parameter range: its bytes, without the quotes around it, or without the spaces; below 4 GiB.
        init(_ range: Range<Int>, isQuoted: Bool = false, hasEscapes: Bool = false) {
            start = UInt32(range.lowerBound)
            end = UInt32(range.upperBound)
            self.isQuoted = isQuoted
            self.hasEscapes = hasEscapes
        }

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    struct Row {
        /// The line on which it begins, from 1.
        var line: Int
        var fields: [Field]
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private let path: String
    private var position = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\""), lineFeed = UInt8(ascii: "\n"),
        carriageReturn = UInt8(ascii: "\r")

    init(_ bytes: [UInt8], separator: UInt8, path: String) {
        self.bytes = bytes
        self.separator = separator
        self.path = path
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next row that is not empty; `nil` at the end.
    ///
    /// - Throws: `ConvNetError` of kind `format` for quotes that do not end, of kind `environment` if there is not enough memory.
    mutating func row() throws -> Row? {
        while skipEmptyLine() {}
        guard position < bytes.count else { return nil }
        var row = Row(line: line, fields: [])
        while true {
            if row.fields.count == row.fields.capacity {
                // The array is about to double; a row may have as many fields as bytes.
                let size = 2 * row.fields.count * MemoryLayout<Field>.stride
                try MemoryCheck.require(size, for: "\(path), line \(row.line)")
            }
            row.fields.append(try field())
            guard position < bytes.count else { return row }
            let byte = bytes[position]
            position += 1
            if byte == separator { continue }
            // A line feed, or the carriage return before one.
            if byte == Self.carriageReturn { position += 1 }
            line += 1
            return row
        }
    }

    /// The text of a field.
    static func text(of field: Field, in bytes: [UInt8]) -> String {
        let text = String(decoding: bytes[field.range], as: UTF8.self)
        return field.hasEscapes ? text.replacing("\"\"", with: "\"") : text
    }

    /// Passes over white space up to the end of a line, if there is nothing else.
    private mutating func skipEmptyLine() -> Bool {
        var end = position
        while end < bytes.count, bytes[end] != Self.lineFeed {
            // A line of tabs is a row of empty fields where tabs separate.
            guard bytes[end] == 32 || bytes[end] == Self.carriageReturn || bytes[end] == 9 && separator != 9
            else {
                return false
            }
            end += 1
        }
        guard end > position || end < bytes.count else { return false }
        if end < bytes.count {
            end += 1
            line += 1
        }
        position = end
        return true
    }

    /// The field that begins here; afterwards the position is at what ends it.
    private mutating func field() throws -> Field {
        let start = position
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
        if position < bytes.count, bytes[position] == Self.quote { return try quotedField() }
        position = start
        while position < bytes.count, bytes[position] != separator, !isAtLineEnd { position += 1 }
        var range = start..<position
        while let first = range.first, isBlank(bytes[first]) { range = (first + 1)..<range.upperBound }
        while let last = range.last, isBlank(bytes[last]) { range = range.lowerBound..<last }
        return Field(range)
    }

    private mutating func quotedField() throws -> Field {
        let firstLine = line
        position += 1
        let start = position
        var hasEscapes = false
        while true {
            guard position < bytes.count else {
                throw failure("Quotes do not end", line: firstLine, expected: "\" before the end of the file")
            }
            if bytes[position] == Self.lineFeed { line += 1 }
            if bytes[position] == Self.quote {
                guard position + 1 < bytes.count, bytes[position + 1] == Self.quote else { break }
                hasEscapes = true
                position += 1
            }
            position += 1
        }
        let range = start..<position
        position += 1
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
        guard position == bytes.count || bytes[position] == separator || isAtLineEnd else {
            throw failure(
                "Something follows the quotes of a field",
                line: line,
                expected: "a separator or the end of the line; a quote within quotes is doubled"
            )
        }
        return Field(range, isQuoted: true, hasEscapes: hasEscapes)
    }

    /// A space, or a tab that is no separator.
    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 && separator != 9 }

    private var isAtLineEnd: Bool {
        bytes[position] == Self.lineFeed
            || bytes[position] == Self.carriageReturn && position + 1 < bytes.count
                && bytes[position + 1] == Self.lineFeed
    }

    private func failure(_ summary: String, line: Int, expected: String) -> ConvNetError {
        ConvNetError(.format, summary, at: "\(path), line \(line)", expected: expected)
    }
}
