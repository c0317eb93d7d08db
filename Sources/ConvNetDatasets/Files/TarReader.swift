import SwiftConvNet

/// Reads the files of a tar archive one after another, plain or compressed by gzip. Nothing is written to a disk.
///
/// Formats: that of Unix V7, POSIX' ustar and pax, GNU's (`tar(5)`, POSIX.1-2017 `pax`). Only files and folders are
/// welcome: links, devices and pipes are refused, and so are names that lead out of the archive, and extensions that give
/// an entry another name or size than its header.
package struct TarReader {
    /// A file of the archive.
    package struct Entry: Sendable, Hashable {
        /// Its path: parts between slashes, none of them `.` or `..`.
        package let name: String
        /// The bytes of its content.
        package let size: Int
    }

    private static let blockSize = 512
    /// Larger extensions than pax needs for times and the like.
    private static let extensionLimit = 1 << 16

    private let source: ByteSource
    private let file: String
    private let limit: Int
    /// The bytes that are read of the decompressed archive.
    private var position = 0
    /// What is left of the content of the entry at hand, and of the zeros behind it.
    private var rest = 0, padding = 0
    private var names: Set<String> = []
    private var isAtEnd = false

    /// A reader of an archive that is in memory.
    ///
    /// - Parameters:
    ///   - content: the archive, plain or gzip.
    ///   - name: what errors call it.
    ///   - limit: the largest size in bytes of the decompressed archive.
    package init(_ content: [UInt8], name: String, limit: Int) throws {
        source = try ByteSource(content, file: name)
        file = name
        self.limit = limit
    }

    /// The next file, whose content `content()` has; `nil` at the end. Folders are passed over.
    ///
    /// - Throws: `ConvNetError` of kind `format`, with the byte of the decompressed archive.
    package mutating func next() throws -> Entry? {
        while !isAtEnd {
            try skip(rest + padding)
            (rest, padding) = (0, 0)
            let start = position
            let header = try read(Self.blockSize)
            guard header.count == Self.blockSize else {
                throw failure(
                    start == 0 ? "The archive is empty or no tar archive" : "The archive ends early",
                    at: start,
                    expected: start == 0 ? "a header of 512 bytes" : "another file, or two blocks of zeros",
                    received: "\(header.count) bytes"
                )
            }
            if header.allSatisfy({ $0 == 0 }) {
                guard start > 0 else { throw failure("The archive is empty", at: 0, expected: "a file") }
                try finish()
                return nil
            }
            if let entry = try entry(header, at: start) { return entry }
        }
        return nil
    }

    /// The content of the file that `next()` has returned; once.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the archive ends before; of kind `environment` if there is not enough
    ///   memory.
    package mutating func content() throws -> [UInt8] {
        let start = position
        let bytes = try read(rest)
        guard bytes.count == rest else {
            throw failure(
                "The archive ends within a file",
                at: start + bytes.count,
                expected: "\(rest) bytes",
                received: "\(bytes.count)"
            )
        }
        rest = 0
        return bytes
    }

    /// What a header says; `nil` for what is no file.
    private mutating func entry(_ header: [UInt8], at start: Int) throws -> Entry? {
        let sum = header.enumerated().reduce(0) {
            $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
        }
        guard let checksum = Self.octal(header[148..<156]), checksum == sum else {
            if start == 0, let error = FileKind.mismatch(.tar, header, at: file, expected: "a tar archive") {
                throw error
            }
            throw failure(
                start == 0 ? "The file is no tar archive" : "The checksum of a header is wrong",
                at: start + 148,
                expected: "\(sum)",
                received: Self.octal(header[148..<156]).map(String.init) ?? "no octal number"
            )
        }
        guard let size = Self.octal(header[124..<136]) else {
            throw failure("The size of a file is no octal number", at: start + 124, expected: "at most 8 GiB")
        }
        guard size <= limit - position else {
            throw failure(
                "The archive is too large",
                at: start + 124,
                expected: "at most \(limit) bytes in all",
                received: "\(size) for one file"
            )
        }
        rest = size
        padding = (Self.blockSize - size % Self.blockSize) % Self.blockSize
        let type = header[156]
        switch type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"):
            try readExtension(at: start)
            return nil
        case UInt8(ascii: "5"):
            _ = try name(of: header, at: start)
            return nil
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
            // V7 has no type of folders, but a slash.
            let name = try name(of: header, at: start)
            if name.isFolder { return nil }
            guard names.insert(name.path).inserted else {
                throw failure("A file is in the archive twice", at: start, received: shown(name.path))
            }
            return Entry(name: name.path, size: size)
        default:
            let kinds = [
                "1": "a hard link", "2": "a symbolic link", "3": "a device", "4": "a device", "6": "a pipe",
            ]
            let letter = (33..<127).contains(type) ? String(UnicodeScalar(type)) : "\(type)"
            throw failure(
                "The archive has an entry that is neither a file nor a folder",
                at: start + 156,
                expected: "the type 0 or 5",
                received: kinds[letter] ?? "the type \(letter)"
            )
        }
    }

    /// The path in a header, checked.
    private func name(of header: [UInt8], at start: Int) throws -> (path: String, isFolder: Bool) {
        func text(_ range: Range<Int>) -> String? {
            String(validating: header[range].prefix { $0 != 0 }, as: UTF8.self)
        }
        // POSIX has a prefix, GNU's format other fields there.
        let isPOSIX = header[257..<263].elementsEqual(Array("ustar".utf8) + [0])
        let prefix = isPOSIX ? text(345..<500) : ""
        guard let prefix, let last = text(0..<100) else {
            throw failure("The name of a file is no UTF-8", at: start)
        }
        let path = prefix.isEmpty ? last : "\(prefix)/\(last)"
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).drop { $0 == "." }
        let isHarmless =
            !path.hasPrefix("/") && !parts.contains("..") && !parts.contains(".")
            && path.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 && $0 != "\\" }
        guard isHarmless, !path.isEmpty else {
            throw failure(
                "The name of a file leads out of the archive, or is none",
                at: start,
                expected: "a path within the archive, without .. and control characters",
                received: shown(path)
            )
        }
        // "./" is the folder that was packed.
        return (parts.joined(separator: "/"), path.hasSuffix("/") || parts.isEmpty)
    }

    /// Reads pax' extension of the next header, or of all, and refuses what would change its name or size.
    private mutating func readExtension(at start: Int) throws {
        guard rest <= Self.extensionLimit else {
            throw failure(
                "An extension is too large",
                at: start + 124,
                expected: "at most \(Self.extensionLimit) bytes",
                received: "\(rest)"
            )
        }
        // Records are "LENGTH KEY=VALUE\n".
        var records = try content()[...]
        while !records.isEmpty {
            let digits = records.prefix { (48...57).contains($0) }
            let length = digits.count <= 6 ? Int(String(decoding: digits, as: UTF8.self)) : nil
            guard let length, length > digits.count + 1, length <= records.count,
                records[records.startIndex + digits.count] == 32
            else {
                throw failure("An extension is damaged", at: start, expected: "records LENGTH KEY=VALUE")
            }
            let record = records.prefix(length).dropFirst(digits.count + 1)
            guard record.last == UInt8(ascii: "\n"), record.contains(UInt8(ascii: "=")) else {
                throw failure("An extension is damaged", at: start, expected: "records LENGTH KEY=VALUE")
            }
            let key = String(decoding: record.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
            guard !["path", "linkpath", "size"].contains(key), !key.hasPrefix("GNU.sparse") else {
                throw failure(
                    "An extension changes the name or the size of a file",
                    at: start,
                    expected: "names of at most 100 characters, sizes of at most 8 GiB",
                    received: shown(key)
                )
            }
            records = records.dropFirst(length)
        }
    }

    /// After a block of zeros come more of them, and nothing else.
    private mutating func finish() throws {
        isAtEnd = true
        while true {
            let start = position
            let block = try read(1 << 16)
            guard block.allSatisfy({ $0 == 0 }) else {
                throw failure("Something follows the end of the archive", at: start, expected: "zeros")
            }
            if block.count < 1 << 16 { return }
        }
    }

    // MARK: Bytes

    private mutating func read(_ count: Int) throws -> [UInt8] {
        let bytes = try source.read(count)
        position += bytes.count
        guard position <= limit else {
            throw failure("The archive is too large", at: position, expected: "at most \(limit) bytes in all")
        }
        return bytes
    }

    private mutating func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            let bytes = try read(min(left, 1 << 16))
            guard !bytes.isEmpty else {
                throw failure("The archive ends within a file", at: position, expected: "\(left) bytes more")
            }
            left -= bytes.count
        }
    }

    /// Octal digits between spaces or zeros; `nil` for anything else, such as GNU's binary numbers.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 32 }.prefix { (48...55).contains($0) }
        guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 32 }) else {
            return nil
        }
        return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
    }

    private func shown(_ text: String) -> String {
        "\""
            + text.unicodeScalars.prefix(80).map { $0.value >= 32 && $0.value < 127 ? String($0) : "?" }
            .joined()
            + "\""
    }

    private func failure(
        _ summary: String,
        at place: Int,
        expected: String? = nil,
        received: String? = nil
    ) -> ConvNetError {
        ConvNetError(
            .format,
            summary,
            at: "\(file), byte \(place) of the archive",
            expected: expected,
            received: received
        )
    }
}
