/// What the header of an `.npy` file says, checked against the file.
struct NumPyHeader {
    let elementType: NumPyFile.ElementType
    let isBigEndian: Bool
    let isFortranOrder: Bool
    let shape: Shape
    let dataOffset: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads the header.
    ///
    /// - Throws: `ConvNetError` of kind `format` or `file`.
    init(of bytes: FileBytes, path: String) throws {
        func failure(_ summary: String, byte: Int, expected: String? = nil, received: String? = nil)
            -> ConvNetError
        {
            ConvNetError(
                .format,
                summary,
                at: "\(path), byte \(byte)",
                expected: expected,
                received: received
            )
        }
        let head = try bytes.read(0..<min(bytes.count, FileKind.prefixLength))
        guard head.starts(with: Self.magic) else {
            let expected = "the bytes \(Self.magic)"
            throw FileKind.mismatch(.numPyArray, head, at: path, expected: expected)
                ?? failure(
                    "The file is not a NumPy array",
                    byte: 0,
                    expected: expected,
                    received: "\(Array(head.prefix(6)))"
                )
        }
        let version = head.dropFirst(6).prefix(2)
        guard version.count == 2, (1...3).contains(version[6]), version[7] == 0 else {
            throw failure(
                "The version of the format is unknown",
                byte: 6,
                expected: "1.0, 2.0 or 3.0",
                received: version.map(String.init).joined(separator: ".")
            )
        }
        let lengthSize = version[6] == 1 ? 2 : 4
        let start = 8 + lengthSize
        guard head.count >= start else {
            throw failure("The file ends in the header", byte: head.count, expected: "\(start) bytes or more")
        }
        let length = head[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= NumPyFile.headerLimit else {
            throw failure(
                "The header is too long",
                byte: 8,
                expected: "at most \(NumPyFile.headerLimit) bytes",
                received: "\(length)"
            )
        }
        guard start + length <= bytes.count else {
            throw failure(
                "The file ends in the header",
                byte: bytes.count,
                expected: "\(length) bytes of it",
                received: "\(bytes.count - start)"
            )
        }
        var literal = PythonLiteral(
            try bytes.read(start..<(start + length)),
            offset: start,
            path: path
        )
        let (description, isFortranOrder, sizes) = try literal.header()
        let (type, isBigEndian) = try Self.elementType(description.text, at: description.offset, path: path)
        dataOffset = start + length
        let elementCount = sizes.sizes.reduce(1 as Int?) { product, size in
            guard let (next, overflows) = product?.multipliedReportingOverflow(by: size) else { return nil }
            return overflows ? nil : next
        }
        // A size of 0 after sizes that overflow is refused, too: `Shape` would overflow on it.
        let byteCount = elementCount?.multipliedReportingOverflow(by: type.size)
        let available = bytes.count - dataOffset
        guard let byteCount, !byteCount.overflow, byteCount.partialValue == available else {
            throw failure(
                "The file has not as many bytes as its header asks for",
                byte: sizes.offset,
                expected: byteCount.map {
                    $0.overflow ? "fewer elements" : "\($0.partialValue) bytes of elements"
                }
                    ?? "fewer elements",
                received: "\(available) bytes after the header, for the shape \(sizes.sizes) of \(type)"
            )
        }
        elementType = type
        self.isBigEndian = isBigEndian
        self.isFortranOrder = isFortranOrder
        shape = Shape(sizes.sizes)
    }

    /// What `descr` stands for: `<f4`, `>i2`, `|u1`.
    private static func elementType(_ text: String, at offset: Int, path: String) throws
        -> (NumPyFile.ElementType, isBigEndian: Bool)
    {
        let order = text.utf8.first
        if let type = NumPyFile.ElementType(rawValue: String(text.dropFirst())) {
            switch order {
            case UInt8(ascii: "<"): return (type, false)
            case UInt8(ascii: ">"): return (type, true)
            case UInt8(ascii: "|") where type.size == 1: return (type, false)
            default: break
            }
        }
        let isObject = text.dropFirst().first == "O" || text == "O"
        throw ConvNetError(
            .format,
            isObject
                ? "The array holds Python objects, which are programs and never read"
                : "The elements of the array are of a type that is not read",
            at: "\(path), byte \(offset)",
            expected: "< or > and one of "
                + NumPyFile.ElementType.allCases.map(\.rawValue).joined(separator: ", "),
            received: "'\(text)'",
            remedy: "Convert the array in Python: numpy.save(path, array.astype(\"float32\"))"
        )
    }
}
