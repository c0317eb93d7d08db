import Foundation

extension CSVTable {
    /// Columns of numbers, `[rows, columns]`, in the order in which they are named.
    ///
    /// Numbers are as in Swift and C: `12`, `-0.5`, `1e-3`. Nothing stands for a number that is missing: an empty field,
    /// `NA`, `NaN` and other texts are refused.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is no such column; of kind `data` if fields are missing, are no
    ///   numbers or are not finite: one error that names the first ten by row and column; of kind `environment` if there is
    ///   not enough memory.
    public func numbers(_ names: [String]) throws -> Tensor {
        var faults = CSVFaults()
        let tensor = try Tensor(shape: shape(names)) { values in
            try forEachRow(of: names, at: "numbers") { row, line, fields in
                for (column, field) in fields.enumerated() {
                    if let value = number(field) {
                        values[row * names.count + column] = value
                    } else {
                        faults.add(row: row, line: line, column: names[column], text: text(field))
                    }
                }
            }
        }
        try faults.check(path, "a finite number in every field", hint: numbersHint(faults))
        return tensor
    }

    /// Columns of bits, `[rows, columns]`, such as the targets of a classifier that gives each sample several labels.
    ///
    /// - Throws: as `numbers(_:)`; of kind `data`, too, if a field is neither 0 nor 1 (or `true` or `false`).
    public func bits(_ names: [String]) throws -> Tensor {
        var faults = CSVFaults()
        let tensor = try Tensor(shape: shape(names)) { values in
            try forEachRow(of: names, at: "bits") { row, line, fields in
                for (column, field) in fields.enumerated() {
                    let text = text(field)
                    switch text.lowercased() {
                    case "true": values[row * names.count + column] = 1
                    case "false": break
                    default:
                        let value = number(field)
                        if value == 0 || value == 1 {
                            values[row * names.count + column] = value ?? 0
                        } else {
                            faults.add(row: row, line: line, column: names[column], text: text)
                        }
                    }
                }
            }
        }
        try faults.check(path, "0 or 1 in every field")
        return tensor
    }

    /// The texts of a column, row by row.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is no such column, of kind `environment` if there is not enough memory.
    public func texts(_ name: String) throws -> [String] {
        try MemoryCheck.require(rowCount * MemoryLayout<String>.stride, for: path)
        var texts: [String] = []
        texts.reserveCapacity(rowCount)
        try forEachRow(of: [name], at: "texts") { _, _, fields in texts.append(text(fields[0])) }
        return texts
    }

    /// The classes that a column names: the different texts in it, in the order of their bytes, or of their numbers if all
    /// are integers.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is no such column; of kind `data` if fields are empty: one error
    ///   that names the first ten.
    public func classNames(of name: String) throws -> [String] {
        var names: Set<String> = []
        var faults = CSVFaults()
        try forEachRow(of: [name], at: "classNames(of:)") { row, line, fields in
            let text = text(fields[0])
            if isMissing(text) {
                faults.add(row: row, line: line, column: name, text: text)
            } else {
                names.insert(text)
            }
        }
        try faults.check(path, "the name of a class in every field")
        let integers = names.compactMap { name in Int(name).map { (number: $0, name: name) } }
        return integers.count == names.count
            ? integers.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
            : names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The classes of a column as labels: each row's index in a list of names.
    ///
    /// - Parameters:
    ///   - name: the column.
    ///   - classNames: the names of the classes; `nil`, the default, for `classNames(of:)`. Give those of the training data
    ///     for a table to validate with, which may lack a class.
    /// - Throws: as `classNames(of:)`; of kind `data`, too, if a field names none of the classes.
    public func labels(_ name: String, classNames: [String]? = nil) throws -> Labels {
        let classNames = try classNames ?? self.classNames(of: name)
        let numbers = Dictionary(classNames.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
        try MemoryCheck.require(rowCount * MemoryLayout<Int32>.stride, for: path)
        var labels: [Int32] = []
        labels.reserveCapacity(rowCount)
        var faults = CSVFaults()
        try forEachRow(of: [name], at: "labels") { row, line, fields in
            let text = text(fields[0])
            if numbers[text] == nil { faults.add(row: row, line: line, column: name, text: text) }
            labels.append(numbers[text] ?? 0)
        }
        try faults.check(path, "one of the classes \(classNames.prefix(20).joined(separator: ", "))")
        return Labels(labels)
    }

    // MARK: Fields

    /// The shape of the numbers of columns.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory for them.
    private func shape(_ names: [String]) throws -> Shape {
        // Here, for errors of tensors do not name the file.
        try MemoryCheck.require(rowCount * names.count * MemoryLayout<Float>.stride, for: path)
        return [rowCount, names.count]
    }

    func text(_ field: CSVScanner.Field) -> String { CSVScanner.text(of: field, in: content) }

    private func number(_ field: CSVScanner.Field) -> Float? {
        var text = text(field)
        if field.isQuoted { text = text.trimmingCharacters(in: .whitespaces) }
        if decimalSeparator == .comma {
            // There a point stands between thousands, if anywhere: 1.234 is no number below 2.
            guard !text.contains(".") else { return nil }
            text = text.replacing(",", with: ".")
        }
        // "nan", "inf" and hexadecimal numbers are numbers to Swift.
        guard text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else {
            return nil
        }
        return Float(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private func isMissing(_ text: String) -> Bool {
        ["", "na", "n/a", "nan", "null"].contains(text.lowercased())
    }

    private func numbersHint(_ faults: CSVFaults) -> String? {
        guard decimalSeparator == .point, let text = faults.firstText, text.contains(","),
            text.utf8.allSatisfy({ (48...57).contains($0) || ",-.".utf8.contains($0) })
        else { return "Fill in or leave out these rows" }
        return
            "If a comma stands before decimals, say so: CSVTable(contentsOf:separator:decimalSeparator: .comma)"
    }
}

/// Fields that are not what they should be: all are counted, ten are named.
struct CSVFaults {
    private var count = 0
    private var named: [String] = []
    private(set) var firstText: String?

    mutating func add(row: Int, line: Int, column: String, text: String) {
        count += 1
        guard named.count < 10 else { return }
        if firstText == nil { firstText = text }
        let shown = text.isEmpty ? "nothing" : "\"\(text.prefix(24))\""
        named.append("row \(row + 1) (line \(line)), \"\(column)\": \(shown)")
    }

    /// - Throws: `ConvNetError` of kind `data` if there are any.
    func check(_ path: String, _ expected: String, hint: String? = nil) throws {
        guard count > 0 else { return }
        throw ConvNetError(
            .data,
            count == 1 ? "A field of the table is not right" : "\(count) fields of the table are not right",
            at: path,
            expected: expected,
            received: named.joined(separator: "; ")
                + (count > named.count ? "; and \(count - named.count) more" : ""),
            remedy: hint ?? "Fill in or leave out these rows"
        )
    }
}
