import SwiftConvNet
import TestSupport

/// Tables of numbers and classes.
struct TableTarget: FuzzTarget {
    static let name = "table"

    let seeds = [
        "x,y,c\n1,2,a\n3,4,b\n", "x;y\r\n1,5;-2\r\n", "x\tc\n1e3\t\"a \"\"b\"\"\"\n\n2\t\n", "x\n0\n1\n0", "",
        "\u{FEFF}\"a,b\",\"c\nd\"\n1, 0 \n\"0\",NA\n", "c,x,x2,x3\ncat,1,0,1\ndog,0,0,0\ncat,1,1,1\n",
    ].map { Array($0.utf8) }
    let words = [
        ",", ";", "\t", "\n", "\r\n", "\r", "\"", "\"\"", "1e38", "1e39", "nan", "inf", "0x1p3", "NA", "true",
        " ",
        "\u{FEFF}", "\u{2028}", "½", "-", ".", "a",
    ]

    /// Closes quotes, and gives every row as many fields as the first has, mostly.
    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        let quote = UInt8(ascii: "\"")
        if input.count(where: { $0 == quote }) % 2 == 1 { input.append(quote) }
        guard !input.contains(quote), random.isOne(in: 2) else { return }
        let separator = UInt8(ascii: random.one(of: [",", ";", "\t"]))
        let lines = input.split(separator: UInt8(ascii: "\n")).map { $0.split(separator: separator) }
        let count = lines.first?.count ?? 0
        input = Array(
            lines.map { fields in
                (0..<count).map { $0 < fields.count ? Array(fields[$0]) : [UInt8(ascii: "1")] }.joined(
                    separator: [separator])
            }.joined(separator: [UInt8(ascii: "\n")])
        )
    }

    func read(_ input: [UInt8]) throws {
        let table = try CSVTable(bytes: input, decimalSeparator: input.count % 8 == 7 ? .comma : .point)
        for column in table.columns.prefix(4) {
            try require(table.texts(column).count == table.rowCount, "a column has a field in each row")
            // Each of these may refuse what is not for it.
            if let names = try? table.classNames(of: column) {
                let labels = try table.labels(column)
                try require(labels.allSatisfy { names.indices.contains($0) }, "labels are indices of names")
            }
            if let bits = try? table.bits([column]) {
                try require(bits.elements.allSatisfy { $0 == 0 || $0 == 1 }, "bits are 0 or 1")
            }
        }
        let numbers = try table.numbers(Array(table.columns.prefix(4)))
        try require(numbers.elements.allSatisfy(\.isFinite), "numbers are finite")
    }
}
