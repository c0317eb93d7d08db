/// What a file is by its first bytes. Readers name it when it is not the kind that they read.
///
/// ```
/// guard header.starts(with: magic) else {
///     throw FileKind.mismatch(.pgm, content, at: path) ?? ConvNetError(.format, …)
/// }
/// ```
package enum FileKind: String, Sendable, Hashable, CaseIterable {
    case empty
    // Models, weights and arrays.
    case safetensors, checkpoint, keras, hdf5, pyTorch, pickle, onnx, numPyArray, numPyArchive
    // Images.
    case pgm, pbm, ppm, png, jpeg, gif, bitmap, webP, tiff
    // Datasets.
    case idx
    // What is packed.
    case zip, gzip, bzip2, xz, zstandard, sevenZip, tar
    // What stands in place of a file.
    case gitLFSPointer, webPage
    case json, pdf, text
}

extension FileKind {
    /// How many of a file's first bytes tell its kind.
    package static let prefixLength = 512

    /// The kind of the file that begins with `bytes`; `nil` if it is none of those known here.
    ///
    /// - Parameter bytes: the first `prefixLength` bytes of a file, or all if there are fewer.
    package init?(firstBytes bytes: some Sequence<UInt8>) {
        let head = Array(bytes.prefix(Self.prefixLength))
        guard !head.isEmpty else {
            self = .empty
            return
        }
        if let kind = Self.signatures.first(where: { head.starts(with: $0.bytes) })?.kind {
            self = kind
        } else if head.starts(with: Self.zipSignature) {
            self = Self.zipKind(head)
        } else if head.starts(with: [0, 0]), head.count >= 4, (0x08...0x0E).contains(head[2]), head[3] > 0 {
            self = .idx
        } else if head.count > 8, head[8] == UInt8(ascii: "{"), Self.number(head[..<8]) <= 100_000_000 {
            self = .safetensors
        } else if head.count >= 262, head[257..<262].elementsEqual("ustar".utf8) {
            self = .tar
        } else if head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webP
        } else if Self.isONNX(head) {
            self = .onnx
        } else if let kind = Self.textKind(head) {
            self = kind
        } else {
            return nil
        }
    }

    /// How a checkpoint of this library begins: after PNG's signature (its specification, 5.2), so that a transfer as text is
    /// seen.
    package static let checkpointSignature: [UInt8] = [0x89, 0x53, 0x43, 0x4E, 0x43, 0x4B, 0x50, 0x0A]

    private static let zipSignature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    private static let signatures: [(kind: FileKind, bytes: [UInt8])] = [
        (.checkpoint, checkpointSignature),
        (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]),
        // A pickle of protocol 2 that begins with the number that torch.save (before 1.6) writes first.
        (.pyTorch, [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]),
        (.pickle, [0x80, 0x02]), (.pickle, [0x80, 0x03]), (.pickle, [0x80, 0x04]), (.pickle, [0x80, 0x05]),
        (.numPyArray, [0x93] + Array("NUMPY".utf8)),
        (.png, [0x89, 0x50, 0x4E, 0x47]), (.jpeg, [0xFF, 0xD8]), (.gif, Array("GIF8".utf8)),
        (.tiff, [0x49, 0x49, 0x2A, 0]), (.tiff, [0x4D, 0x4D, 0, 0x2A]),
        (.bitmap, Array("BM".utf8)),
        (.gzip, [0x1F, 0x8B]), (.bzip2, Array("BZh".utf8)), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
        (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]), (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        (.pdf, Array("%PDF-".utf8)),
        (.gitLFSPointer, Array("version https://git-lfs".utf8)),
    ]

    /// What a ZIP archive holds, by the name of its first file (PKWARE's APPNOTE, 4.3.7).
    private static func zipKind(_ head: [UInt8]) -> FileKind {
        guard head.count > 30 else { return .zip }
        let length = Int(head[26]) | Int(head[27]) << 8
        let name = String(decoding: head[30...].prefix(length), as: UTF8.self)
        // Keras writes metadata.json first, PyTorch ARCHIVE/data.pkl, NumPy arrays and nothing else.
        if name == "metadata.json" || name == "config.json" || name == "model.weights.h5" { return .keras }
        if name.hasSuffix("/data.pkl") { return .pyTorch }
        return name.hasSuffix(".npy") ? .numPyArchive : .zip
    }

    /// Whether a file begins as ONNX' protocol buffer: field 1, `ir_version`, then field 2, 7 or 8, the producer or
    /// the graph or the versions of operators (`onnx.proto`, `ModelProto`).
    private static func isONNX(_ head: [UInt8]) -> Bool {
        head.count >= 4 && head[0] == 0x08 && (1...63).contains(head[1])
            && [0x12, 0x3A, 0x42].contains(head[2])
    }

    /// Files that people can read.
    private static func textKind(_ head: [UInt8]) -> FileKind? {
        if head[0] == UInt8(ascii: "P"), head.count >= 3, isSpace(head[2]) || head[2] == UInt8(ascii: "#") {
            switch head[1] {
            case UInt8(ascii: "2"), UInt8(ascii: "5"): return .pgm
            case UInt8(ascii: "1"), UInt8(ascii: "4"): return .pbm
            case UInt8(ascii: "3"), UInt8(ascii: "6"): return .ppm
            default: break
            }
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = head.dropFirst(head.starts(with: byteOrderMark) ? 3 : 0).drop(while: isSpace)
        guard let first = text.first, head.allSatisfy(isOfText) else { return nil }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return .json }
        let second = text.dropFirst().first ?? 0
        let opensTag = second == UInt8(ascii: "!") || second == UInt8(ascii: "?") || isLetter(second)
        return first == UInt8(ascii: "<") && opensTag ? .webPage : .text
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
    /// Whether a byte can stand in text in UTF-8: no control character but white space, and no byte that UTF-8 lacks.
    private static func isOfText(_ byte: UInt8) -> Bool {
        byte >= 32 && byte != 127 && byte < 0xF5 || isSpace(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 32) }
}
