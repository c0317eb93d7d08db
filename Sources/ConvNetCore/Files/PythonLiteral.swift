/// Reads the one form of Python's literals that stands in the headers of `.npy` files: a dictionary of a text, a truth
/// value and a tuple of sizes. Nothing else is understood, and nothing is evaluated.
struct PythonLiteral {
    private let bytes: [UInt8]
    private let start: Int
    private let path: String
    private var position = 0

    /// The literal in `bytes`, which begin at `offset` of the file `path`.
    init(_ bytes: [UInt8], offset: Int, path: String) {
        self.bytes = bytes
        start = offset
        self.path = path
    }

    /// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` and white space, with the offsets at which the type
    /// and the sizes stand.
    mutating func header() throws -> (
        description: (text: String, offset: Int), isFortranOrder: Bool, sizes: (sizes: [Int], offset: Int)
    ) {
        var description: (String, Int)?, isFortranOrder: Bool?, sizes: ([Int], Int)?
        try expect("{")
        while !take("}") {
            skipSpace()
            let place = offset
            let key = try text()
            try expect(":")
            skipSpace()
            let value = offset
            switch key {
            case "descr" where description == nil: description = (try text(), value)
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth()
            case "shape" where sizes == nil: sizes = (try tuple(), value)
            default:
                throw failure(
                    "The header has a key that it must not have",
                    at: place,
                    expected: "descr, fortran_order and shape, each once",
                    received: "'\(key)'"
                )
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard position == bytes.count else {
            throw failure("Something follows the header's dictionary", expected: "spaces and a line feed")
        }
        guard let description, let isFortranOrder, let sizes else {
            throw failure(
                "The header does not say all",
                at: start,
                expected: "descr, fortran_order and shape"
            )
        }
        return (description, isFortranOrder, sizes)
    }

    /// A text in single or double quotes, of printable ASCII and without escapes.
    private mutating func text() throws -> String {
        skipSpace()
        guard let quote = current, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw failure(
                current == UInt8(ascii: "[")
                    ? "The array holds records (a structured type), which are not read" : "A text is missing",
                expected: "a text in quotes",
                received: received
            )
        }
        position += 1
        let first = position
        while let byte = current, byte != quote {
            guard (32..<127).contains(byte), byte != UInt8(ascii: "\\") else {
                throw failure(
                    "A text of the header has a character that it must not have",
                    received: received
                )
            }
            position += 1
        }
        guard current != nil else { throw failure("A text of the header does not end") }
        defer { position += 1 }
        return String(decoding: bytes[first..<position], as: UTF8.self)
    }

    private mutating func truth() throws -> Bool {
        for (word, value) in [("True", true), ("False", false)]
        where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw failure("A truth value is missing", expected: "True or False", received: received)
    }

    /// `()`, `(3,)`, `(3, 4)`.
    private mutating func tuple() throws -> [Int] {
        try expect("(")
        var sizes: [Int] = []
        while !take(")") {
            guard sizes.count < NumPyFile.axisLimit else {
                throw failure("The array has too many axes", expected: "at most \(NumPyFile.axisLimit)")
            }
            sizes.append(try size())
            if take(",") { continue }
            // Without its comma, (3) is a number and no tuple.
            guard sizes.count > 1 else {
                throw failure("A tuple of one size has a comma", expected: "(\(sizes[0]),)")
            }
            try expect(")")
            break
        }
        return sizes
    }

    private mutating func size() throws -> Int {
        skipSpace()
        let first = position
        var value = 0
        while let byte = current, (48...57).contains(byte) {
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int(byte - 48))
            guard !overflows, !overflowsToo else {
                throw failure("A size of the shape is too large", expected: "at most \(Int.max)")
            }
            value = sum
            position += 1
        }
        guard position > first else {
            throw failure("A size of the shape is missing", expected: "digits", received: received)
        }
        // NumPy on Python 2 wrote its long integers so.
        if current == UInt8(ascii: "L") { position += 1 }
        return value
    }

    // MARK: Bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var offset: Int { start + position }

    private var received: String {
        guard let current else { return "the end of the header" }
        return (32..<127).contains(current)
            ? "\"\(Character(UnicodeScalar(current)))\"" : "the byte \(current)"
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 32 || byte == 10 || byte == 9 || byte == 13 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard take(character) else {
            throw failure("The header is no dictionary", expected: "\"\(character)\"", received: received)
        }
    }

    private func failure(
        _ summary: String,
        at place: Int? = nil,
        expected: String? = nil,
        received: String? = nil
    ) -> ConvNetError {
        ConvNetError(
            .format,
            summary,
            at: "\(path), byte \(place ?? offset)",
            expected: expected,
            received: received
        )
    }
}
