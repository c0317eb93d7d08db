extension CheckpointFile {
    /// Reads a file, and checks every byte of it. Memory is asked for only for bytes that are there.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read; of kind `format` if it is no checkpoint, of another
    ///   version, cut short or damaged: the error names the byte or the section.
    init(contentsOf path: String) throws {
        try self.init(FileBytes(path: path), path: path)
    }

    /// Reads the bytes of a file; as `init(contentsOf:)`.
    init(_ file: FileBytes, path: String) throws {
        self.path = path
        let head = try file.read(0..<min(file.count, FileKind.prefixLength))
        if let error = FileKind.mismatch(
            .checkpoint,
            head,
            at: path,
            expected: Self.hexadecimal(Self.magic)
        ) {
            throw error
        }
        guard file.count >= Self.headerLength else {
            throw ConvNetError(
                .format,
                "The checkpoint is cut short",
                at: "\(path), byte \(file.count)",
                expected: "at least \(Self.headerLength) bytes",
                received: "\(file.count)"
            )
        }
        let header = try file.read(0..<Self.headerLength)
        guard Array(header[..<8]) == Self.magic else {
            throw ConvNetError(
                .format,
                "The file is not \(FileKind.checkpoint.title)",
                at: "\(path), byte 0",
                expected: Self.hexadecimal(Self.magic),
                received: Self.hexadecimal(header[..<8])
            )
        }
        let version = Self.number(header[8..<12])
        guard version == Self.version else {
            throw ConvNetError(
                .format,
                "The checkpoint's format is of another version",
                at: "\(path), byte 8",
                expected: "\(Self.version)",
                received: "\(version)",
                remedy: version < Self.version
                    ? "This version draws other random numbers for dropout: end the run with the version of the library that began it, or begin a new one from a saved model"
                    : "Use the version of the library that wrote it"
            )
        }
        let tableLength = Self.number(header[12..<16])
        guard tableLength <= Self.tableLimit, Self.headerLength + Int(tableLength) <= file.count else {
            throw ConvNetError(
                .format,
                "The checkpoint's table cannot be that long",
                at: "\(path), byte 12",
                expected:
                    "at most \(Self.tableLimit), and the \(file.count - Self.headerLength) bytes that are left",
                received: "\(tableLength)"
            )
        }
        let end = Self.headerLength + Int(tableLength)
        let bytes = try file.read(Self.headerLength..<end)
        try Self.check(
            SHA256.hash(bytes).bytes,
            against: header[16...],
            of: "the table",
            at: "\(path), byte \(Self.headerLength)"
        )
        var table = TableReader(bytes: bytes[...], path: path, offset: Self.headerLength)
        generation = try table.number(8)
        var sections: [String: [UInt8]] = [:]
        var offset = UInt64(end)
        for _ in 0..<(try table.number(4)) {
            let entry = try table.entry()
            guard entry.offset == offset, entry.length <= UInt64(file.count) - offset else {
                throw ConvNetError(
                    .format,
                    "A section of the checkpoint is cut short, or not in its place",
                    at: "\(path), section \"\(entry.name)\"",
                    expected: "byte \(offset), and at most \(UInt64(file.count) - offset) bytes",
                    received: "byte \(entry.offset), \(entry.length) bytes"
                )
            }
            offset += entry.length
            let content = try file.read(Int(entry.offset)..<Int(offset))
            try Self.check(
                SHA256.hash(content).bytes,
                against: entry.digest[...],
                of: "section \"\(entry.name)\"",
                at: "\(path), byte \(entry.offset)"
            )
            guard sections.updateValue(content, forKey: entry.name) == nil else {
                throw ConvNetError(
                    .format,
                    "Two sections of the checkpoint share a name",
                    at: path,
                    received: "\"\(entry.name)\""
                )
            }
        }
        guard table.bytes.isEmpty, offset == UInt64(file.count) else {
            throw ConvNetError(
                .format,
                "The checkpoint holds more than its table says",
                at: "\(path), byte \(offset)",
                expected: "\(offset) bytes",
                received: "\(file.count)"
            )
        }
        self.sections = sections
    }

    private static func check(
        _ digest: [UInt8],
        against expected: ArraySlice<UInt8>,
        of part: String,
        at place: String
    ) throws {
        guard digest == Array(expected) else {
            throw ConvNetError(
                .format,
                "The checkpoint is damaged: \(part) has another digest",
                at: place,
                expected: hexadecimal(expected),
                received: hexadecimal(digest)
            )
        }
    }

    fileprivate static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Takes a table apart, front to back.
private struct TableReader {
    var bytes: ArraySlice<UInt8>
    let path: String
    /// Where the table begins in the file.
    let offset: Int

    mutating func number(_ length: Int) throws -> UInt64 { CheckpointFile.number(try take(length)) }

    mutating func entry() throws -> (name: String, offset: UInt64, length: UInt64, digest: [UInt8]) {
        let name = String(decoding: try take(Int(try number(2))), as: UTF8.self)
        return (name, try number(8), try number(8), Array(try take(SHA256.byteCount)))
    }

    private mutating func take(_ length: Int) throws -> ArraySlice<UInt8> {
        guard length <= bytes.count else {
            throw ConvNetError(
                .format,
                "The checkpoint's table ends within an entry",
                at: "\(path), byte \(offset + bytes.startIndex)",
                expected: "\(length) bytes",
                received: "\(bytes.count)"
            )
        }
        defer { bytes = bytes.dropFirst(length) }
        return bytes.prefix(length)
    }
}
