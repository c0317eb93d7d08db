import Synchronization

/// The file of one checkpoint: named sections, each with its SHA-256. `docs/checkpoint-format.md` has every byte.
///
/// | bytes | content |
/// |---|---|
/// | 8 | `89 53 43 4E 43 4B 50 0A`: no text, and shows what has been through a change of line ends |
/// | 4 | the version of the format, 2 |
/// | 4 | the length of the table |
/// | 32 | the SHA-256 of the table |
/// | … | the table: generation (8), number of sections (4), and for each the length of its name (2), its name, offset (8), length (8) and SHA-256 (32) |
/// | … | the sections, one after the other, up to the end of the file |
///
/// Numbers are unsigned and little-endian. Every byte of the file is covered: by a check of its own, or by a digest.
struct CheckpointFile {
    static let magic = FileKind.checkpointSignature
    /// In version 1 random numbers came from the places of layers among all others.
    static let version: UInt32 = 2
    /// The bytes before the table.
    static let headerLength = 48
    /// The largest table that is read: a table of thousands of callbacks is smaller.
    static let tableLimit = 1 << 20

    /// The number of the checkpoint in its run; the larger one of two is the newer.
    let generation: UInt64
    /// The contents of the sections by name.
    let sections: [String: [UInt8]]
    /// The path, for messages.
    let path: String

    /// The contents of a section.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there is none of that name.
    func section(_ name: String) throws -> [UInt8] {
        guard let bytes = sections[name] else {
            throw ConvNetError(
                .format,
                "The checkpoint lacks a section",
                at: path,
                expected: "\"\(name)\"",
                received: "only \(sections.keys.sorted().joined(separator: ", "))"
            )
        }
        return bytes
    }
}

// MARK: - Writing

/// A part of a buffer, which the buffer keeps in memory.
struct FloatSegment {
    let buffer: AlignedBuffer
    let range: Range<Int>

    var byteCount: Int { range.count * MemoryLayout<Float>.stride }
    var floats: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: buffer.floats + range.lowerBound, count: range.count)
    }
}

extension ParameterStore {
    /// The values of all parameters, in order.
    var segments: [FloatSegment] {
        entries.map { FloatSegment(buffer: $0.parameter.buffer, range: 0..<$0.count) }
    }
}

/// A part of a checkpoint that is to be written.
struct CheckpointSection {
    enum Content {
        case bytes([UInt8])
        /// Numbers in memory, one segment after the other, written from where they are.
        case floats([FloatSegment])
    }

    let name: String
    let content: Content

    var byteCount: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .floats(let segments): segments.reduce(0) { $0 + $1.byteCount }
        }
    }

    /// Calls `body` with the bytes, piece by piece. Floats are little-endian in memory, as in files, on every
    /// processor that Swift compiles for.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        switch content {
        case .bytes(let bytes): try bytes.withUnsafeBytes(body)
        case .floats(let segments):
            for segment in segments {
                try withExtendedLifetime(segment.buffer) {
                    try body(UnsafeRawBufferPointer(segment.floats))
                }
            }
        }
    }

    var digest: SHA256.Digest {
        var hash = SHA256()
        forEachPiece { hash.update($0) }
        return hash.digest
    }
}

extension CheckpointFile {
    /// Writes a file, whole or not at all.
    ///
    /// - Throws: `ConvNetError` of kind `file`; then the old file is still there.
    static func write(
        _ sections: [CheckpointSection],
        generation: UInt64,
        to path: String,
        temporaryName: String
    ) throws {
        let table = table(of: sections, generation: generation)
        let header =
            magic + bytes(of: version) + bytes(of: UInt32(table.count)) + SHA256.hash(table).bytes
        let observer = CheckpointWriting.didWritePiece.withLock { $0 }
        try AtomicFile.write(to: path, temporaryName: temporaryName) { file in
            try file.write(header + table)
            for section in sections {
                try section.forEachPiece { piece in
                    try file.write(piece)
                    guard let observer else { return }
                    try file.flush()
                    observer()
                }
            }
        }
    }

    private static func table(of sections: [CheckpointSection], generation: UInt64) -> [UInt8] {
        let entryLength = sections.reduce(0) { $0 + 2 + $1.name.utf8.count + 8 + 8 + SHA256.byteCount }
        var offset = UInt64(headerLength + 8 + 4 + entryLength)
        var table = bytes(of: generation) + bytes(of: UInt32(sections.count))
        for section in sections {
            let length = UInt64(section.byteCount)
            table += bytes(of: UInt16(section.name.utf8.count)) + Array(section.name.utf8)
            table += bytes(of: offset) + bytes(of: length) + section.digest.bytes
            offset += length
        }
        return table
    }

    private static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}

/// What tests see, and slow down, of the writing of a checkpoint.
package enum CheckpointWriting {
    /// Called each time that a piece of a checkpoint has gone to the system. Set by the process that tests kill, and by
    /// nothing else.
    package static let didWritePiece = Lock<(@Sendable () -> Void)?>(nil)
}
