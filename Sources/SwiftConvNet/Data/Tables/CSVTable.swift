/// A table of numbers and classes in a CSV file, columns of which become inputs or targets.
///
/// ```swift
/// let table = try CSVTable(contentsOf: "iris.csv")
/// print(table.columns, table.rowCount)
/// let data = try table.dataset(inputs: ["sepal length", "sepal width"], label: "species")
/// ```
///
/// The rules are those of RFC 4180: fields may stand in double quotes, within which a quote is doubled, and separators and
/// line ends are part of the text. Lines end with LF or CR LF. Beyond them the separator may also be a semicolon or a tab,
/// spaces around a field do not count unless it is quoted, empty lines are passed over, and a byte order mark at the
/// beginning, too.
///
/// A table keeps the content of the file; fields are read when a column is asked for.
public struct CSVTable: Sendable {
    /// What separates fields.
    public enum Separator: Character, Sendable, Hashable, CaseIterable {
        case comma = ","
        case semicolon = ";"
        case tab = "\t"

        var byte: UInt8 { rawValue.asciiValue ?? UInt8(ascii: ",") }
    }

    /// What stands before the decimals of a number.
    public enum DecimalSeparator: Character, Sendable, Hashable {
        case point = "."
        case comma = ","
    }

    /// The content that is read if the caller sets no limit, in bytes: 1 GiB.
    public static let defaultLimit = 1 << 30

    /// What errors call the table: its path.
    public let path: String
    /// The names of the columns, from the header line; "0", "1" and so on without one.
    public let columns: [String]
    /// What separates fields.
    public let separator: Separator
    /// What stands before the decimals of a number.
    public let decimalSeparator: DecimalSeparator
    /// The number of rows, without the header line.
    public let rowCount: Int
    let content: [UInt8]
    private let hasHeader: Bool

    /// Reads the file at `path`.
    ///
    /// - Parameters:
    ///   - path: the file, in UTF-8.
    ///   - hasHeader: whether the first line has the names of the columns. Default `true`. Without it they are "0", "1" and so on.
    ///   - separator: what separates fields; `nil`, the default, takes the one that the first line has most of.
    ///   - decimalSeparator: what stands before the decimals of a number. Default: a point.
    ///   - limit: the largest size in bytes that is read. Default: 1 GiB.
    /// - Throws: `ConvNetError` of kind `file` if the file cannot be read or is larger; of kind `format`, with the line, if
    ///   quotes do not end, a row has another number of fields than the first line, two columns have one name, or a header has
    ///   numbers with decimals alone, as a table without one has; of kind `environment` if there is not enough memory.
    public init(
        contentsOf path: String,
        hasHeader: Bool = true,
        separator: Separator? = nil,
        decimalSeparator: DecimalSeparator = .point,
        limit: Int = defaultLimit
    ) throws {
        try self.init(
            bytes: FileContents.read(path, limit: limit),
            path: path,
            hasHeader: hasHeader,
            separator: separator,
            decimalSeparator: decimalSeparator
        )
    }

    /// Reads a table that is in memory already.
    ///
    /// - Parameters:
    ///   - bytes: the content, in UTF-8.
    ///   - path: what errors call it.
    ///   - hasHeader: whether the first line has the names of the columns. Default `true`.
    ///   - separator: what separates fields; `nil`, the default, takes the one that the first line has most of.
    ///   - decimalSeparator: what stands before the decimals of a number. Default: a point.
    /// - Throws: as `init(contentsOf:hasHeader:separator:decimalSeparator:limit:)`.
    public init(
        bytes: [UInt8],
        path: String = "table",
        hasHeader: Bool = true,
        separator: Separator? = nil,
        decimalSeparator: DecimalSeparator = .point
    ) throws {
        try Self.checkText(bytes, path)
        let separator = separator ?? Self.likelySeparator(of: bytes)
        var scanner = CSVScanner(bytes, separator: separator.byte, path: path)
        guard let first = try scanner.row() else {
            throw ConvNetError(
                .format,
                "The table is empty",
                at: path,
                expected: hasHeader ? "a header line with the names of the columns" : "a line for each row",
                received: "no line"
            )
        }
        // Their names twice, in an array and in a set, which has room for a third more.
        try MemoryCheck.require(first.fields.count * 3 * MemoryLayout<String>.stride, for: path)
        let names =
            hasHeader
            ? try Self.names(first, in: bytes, at: "\(path), line \(first.line)", decimalSeparator)
            : first.fields.indices.map { "\($0)" }
        var rowCount = hasHeader ? 0 : 1
        while let row = try scanner.row() {
            guard row.fields.count == names.count else {
                throw ConvNetError(
                    .format,
                    "A row has another number of fields than the first line",
                    at: "\(path), line \(row.line)",
                    expected: "\(names.count), separated by \(Self.name(of: separator))",
                    received: "\(row.fields.count)"
                )
            }
            rowCount += 1
        }
        if separator == .comma, decimalSeparator == .comma {
            throw ConvNetError(
                .argument,
                "A comma cannot separate both fields and decimals",
                at: path,
                expected: "another separator, or a decimal point"
            )
        }
        self.path = path
        self.separator = separator
        self.decimalSeparator = decimalSeparator
        columns = names
        content = bytes
        self.hasHeader = hasHeader
        self.rowCount = rowCount
    }

    /// The names in the header line.
    private static func names(
        _ header: CSVScanner.Row,
        in bytes: [UInt8],
        at place: String,
        _ decimalSeparator: DecimalSeparator
    ) throws -> [String] {
        let noHeader = "If the first line is no header, write CSVTable(..., hasHeader: false)"
        var names: [String] = [], seen: Set<String> = []
        for field in header.fields {
            let name = CSVScanner.text(of: field, in: bytes)
            guard seen.insert(name).inserted else {
                throw ConvNetError(
                    .format,
                    "Two columns have one name",
                    at: place,
                    received: "\"\(name)\"",
                    remedy: noHeader
                )
            }
            names.append(name)
        }
        // Whole numbers are names that pandas gives; numbers with decimals are values.
        let separator = decimalSeparator.rawValue
        let numbers = names.map { Double(String($0.map { $0 == separator ? "." : $0 })) }
        let areValues = numbers.allSatisfy { $0 != nil } && numbers.contains { $0?.rounded() != $0 }
        if areValues {
            throw ConvNetError(
                .format,
                "The first line has numbers in place of names",
                at: place,
                received: names.prefix(5).joined(separator: ", "),
                remedy: noHeader
            )
        }
        return names
    }

    /// Throws unless the content is text in UTF-8.
    private static func checkText(_ bytes: [UInt8], _ path: String) throws {
        let kind = FileKind(firstBytes: bytes)
        // A first column "BMI" begins as a BMP file does, but text it is.
        let isBinary = bytes.prefix(FileKind.prefixLength).contains { $0 < 32 && !(9...13).contains($0) }
        let isOther = kind == .webPage || kind == .gitLFSPointer
        // The text that is made to see whether it is UTF-8.
        if !isBinary { try MemoryCheck.require(bytes.count, for: path) }
        guard !isBinary, !isOther, String(validating: bytes, as: UTF8.self) != nil else {
            throw ConvNetError(
                .format,
                "The file is no table in UTF-8",
                at: path,
                expected: "text: a header line, and a line for each row",
                received: isBinary || isOther ? kind?.title : "bytes that are no UTF-8",
                remedy: isBinary || isOther ? nil : "Save the table in the encoding UTF-8"
            )
        }
        guard bytes.count < Int(UInt32.max) else {
            throw ConvNetError(
                .format,
                "The table is too large",
                at: path,
                expected: "fewer than 4 GiB",
                received: "\(bytes.count) bytes",
                remedy: "Convert it into a NumPy array, and read that by FileDataset"
            )
        }
    }

    /// The separator that is in the first line most often, outside quotes; of equals the comma.
    private static func likelySeparator(of bytes: [UInt8]) -> Separator {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes.prefix(1 << 16) {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { break }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        var best = Separator.comma
        for separator in Separator.allCases
        where counts[separator.byte, default: 0] > counts[best.byte, default: 0] {
            best = separator
        }
        return best
    }

    private static func name(of separator: Separator) -> String {
        switch separator {
        case .comma: "commas"
        case .semicolon: "semicolons"
        case .tab: "tabs"
        }
    }

    /// Calls `body` with the fields of columns, row by row, in the order of the columns that are named.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is no such column.
    func forEachRow(
        of names: [String],
        at caller: String,
        _ body: (_ row: Int, _ line: Int, _ fields: [CSVScanner.Field]) throws -> Void
    ) throws {
        let places = try names.map { name in
            guard let place = columns.firstIndex(of: name) else {
                throw ConvNetError(
                    .argument,
                    "The table has no such column",
                    at: "\(path), \(caller)",
                    expected: "one of " + columns.prefix(20).map { "\"\($0)\"" }.joined(separator: ", "),
                    received: "\"\(name)\""
                )
            }
            return place
        }
        var scanner = CSVScanner(content, separator: separator.byte, path: path)
        if hasHeader { _ = try scanner.row() }
        var number = 0
        while let row = try scanner.row() {
            try body(number, row.line, places.map { row.fields[$0] })
            number += 1
        }
    }
}

extension CSVTable: CustomStringConvertible {
    /// One line: the path, the number of rows and the columns.
    public var description: String {
        "\(path): \(rowCount) rows of " + columns.prefix(20).joined(separator: ", ")
            + (columns.count > 20 ? " and \(columns.count - 20) more" : "")
    }
}
