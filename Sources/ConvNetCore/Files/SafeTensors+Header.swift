extension SafeTensors {
    /// What a header says, checked.
    struct Header {
        var metadata: [String: String] = [:]
        /// In the order of their bytes.
        var entries: [Entry] = []
    }

    /// An array as the header claims it: nothing about it is known to be true.
    private struct Claim {
        let name: String
        /// Where its name stands in the file.
        let offset: Int
        let type: ElementType
        let shape: [Int]
        let begin: Int, end: Int
    }

    /// Reads and checks the header, and that the arrays fill the rest of the file exactly.
    static func readHeader(_ bytes: FileBytes, path: String) throws -> Header {
        func failure(_ summary: String, at offset: Int, expected: String, received: String) -> ConvNetError {
            ConvNetError(
                .format,
                summary,
                at: "\(path), byte \(offset)",
                expected: expected,
                received: received
            )
        }
        /// What is wrong with the first bytes: another kind of file, if that is known, or a damaged one.
        func misfit(_ summary: String, at offset: Int, expected: String, received: String) throws
            -> ConvNetError
        {
            let head = try bytes.read(0..<min(bytes.count, FileKind.prefixLength))
            return FileKind.mismatch(
                .safetensors,
                head,
                at: path,
                expected: "eight bytes with the size of a header, then the header, which begins with \"{\""
            )
                ?? failure(summary, at: offset, expected: expected, received: received)
        }
        guard bytes.count >= 8 else {
            throw try misfit(
                "The file is too short for a safetensors file",
                at: bytes.count,
                expected: "at least 8 bytes",
                received: "\(bytes.count)"
            )
        }
        let claimed = try bytes.read(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard claimed <= UInt64(min(headerLimit, bytes.count - 8)) else {
            throw try misfit(
                "The size of the header cannot be",
                at: 0,
                expected: "at most \(headerLimit), and at most the \(bytes.count - 8) bytes that follow",
                received: "\(claimed)"
            )
        }
        let dataStart = 8 + Int(claimed)
        guard claimed > 0, try bytes.read(8..<9) == Array("{".utf8) else {
            throw try misfit(
                "The file has no safetensors header",
                at: 8,
                expected: "\"{\"",
                received: claimed == 0 ? "an empty header" : "another byte"
            )
        }

        var header = Header()
        var claims: [Claim] = []
        var cursor = JSONCursor(try bytes.read(8..<dataStart), origin: 8, file: path)
        try cursor.object { cursor, key, offset in
            if key == metadataKey {
                try cursor.object { cursor, key, _ in header.metadata[key] = try cursor.string() }
            } else {
                claims.append(try claim(key, at: offset, from: &cursor))
            }
        }
        try cursor.expectEnd()

        claims.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
        var end = 0
        for claim in claims {
            guard claim.begin == end else {
                throw failure(
                    "The arrays leave a gap or overlap at \"\(claim.name)\"",
                    at: claim.offset,
                    expected: "data_offsets that begin at \(end)",
                    received: "[\(claim.begin), \(claim.end)]"
                )
            }
            end = claim.end
            // No sum overflows: what came before lies within the file.
            guard end <= bytes.count - dataStart else {
                throw failure(
                    "The array \"\(claim.name)\" ends beyond the file",
                    at: claim.offset,
                    expected: "data_offsets of at most \(bytes.count - dataStart)",
                    received: "[\(claim.begin), \(claim.end)]"
                )
            }
            header.entries.append(
                Entry(
                    name: claim.name,
                    type: claim.type,
                    shape: Shape(claim.shape),
                    byteRange: (dataStart + claim.begin)..<(dataStart + claim.end)
                )
            )
        }
        guard dataStart + end == bytes.count else {
            throw failure(
                "The file goes on after its last array",
                at: dataStart + end,
                expected: "\(dataStart + end) bytes",
                received: "\(bytes.count)"
            )
        }
        return header
    }

    /// Reads `{"dtype": …, "shape": …, "data_offsets": …}`, and checks what can be checked without the others.
    private static func claim(_ name: String, at offset: Int, from cursor: inout JSONCursor) throws -> Claim {
        var type: ElementType?, shape: [Int]?, offsets: [Int]?
        try cursor.object { cursor, key, keyOffset in
            switch key {
            case "dtype":
                let offset = cursor.offset
                let text = try cursor.string()
                guard let known = ElementType(rawValue: text) else {
                    throw cursor.failure(
                        "The array \"\(name)\" has an unknown dtype",
                        at: offset,
                        expected: "one of \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))",
                        received: "\"\(text)\""
                    )
                }
                type = known
            case "shape": shape = try cursor.integers()
            case "data_offsets": offsets = try cursor.integers()
            default:
                throw cursor.failure(
                    "The array \"\(name)\" has an unknown key",
                    at: keyOffset,
                    expected: "dtype, shape, data_offsets",
                    received: "\"\(key)\""
                )
            }
        }
        guard let type, let shape, let offsets else {
            throw cursor.failure(
                "The array \"\(name)\" is not described in full",
                at: offset,
                expected: "dtype, shape and data_offsets"
            )
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw cursor.failure(
                "The data_offsets of \"\(name)\" are no range",
                at: offset,
                expected: "[begin, end]",
                received: "\(offsets)"
            )
        }
        var bitCount: Int? = type.bitCount
        for size in shape {
            let (product, overflows) = (bitCount ?? 0).multipliedReportingOverflow(by: size)
            bitCount = overflows || bitCount == nil ? nil : product
        }
        guard let bitCount, bitCount.isMultiple(of: 8), bitCount / 8 == offsets[1] - offsets[0] else {
            throw cursor.failure(
                "The data_offsets of \"\(name)\" do not fit its dtype and shape",
                at: offset,
                expected: bitCount.map { $0.isMultiple(of: 8) ? "\($0 / 8) bytes" : "whole bytes" }
                    ?? "a shape whose size fits 64 bits",
                received: "\(offsets[1] - offsets[0]) bytes for \(type.rawValue) \(shape)"
            )
        }
        return Claim(name: name, offset: offset, type: type, shape: shape, begin: offsets[0], end: offsets[1])
    }
}
