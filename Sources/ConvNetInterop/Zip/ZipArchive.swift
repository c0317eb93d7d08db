import SwiftConvNet

#if Zip
    import CZip
    import Foundation
#endif

/// A ZIP archive, opened for reading: the container of `.npz` and `.keras` files.
///
/// ```swift
/// let archive = try ZipArchive(contentsOf: "model.keras")
/// print(archive.names)                        // ["metadata.json", "config.json", "model.weights.h5"]
/// let config = try archive.contents(of: "config.json")
/// ```
///
/// The archive is in memory, and its table is checked at once: the number and the unpacked sizes of files, before anything is
/// allocated for them; names that are absolute, go up (`..`) or have backslashes; names that stand twice; links; encrypted files.
/// Stored and deflated files are read, and their CRC is checked. Needs the trait `Zip`.
public final class ZipArchive: Sendable {
    /// A file in the archive.
    struct Entry: Sendable {
        let name: String
        let index: UInt64
        /// Unpacked, in bytes.
        let size: Int
    }

    /// What errors call the archive.
    public let path: String
    let entries: [Entry]
    private let bytes: [UInt8]

    /// The names of the files, in the order of the archive; folders are left out.
    public var names: [String] { entries.map(\.name) }

    /// Reads an archive.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be read or is larger than the limit, of kind `format` if it is no archive
    ///   or breaks a rule, of kind `environment` without the trait `Zip`.
    public convenience init(contentsOf path: String, limits: ZipLimits = ZipLimits()) throws {
        try self.init(bytes: FileContents.read(path, limit: limits.bytes), path: path, limits: limits)
    }

    /// An archive that is in memory already.
    ///
    /// - Parameters:
    ///   - bytes: the whole archive.
    ///   - path: what errors call it.
    ///   - limits: what it may claim.
    /// - Throws: as `init(contentsOf:limits:)`.
    public init(bytes: [UInt8], path: String = "zip", limits: ZipLimits = ZipLimits()) throws {
        self.bytes = bytes
        self.path = path
        entries = try Self.entries(of: bytes, path: path, limits: limits)
    }

    /// Whether there is a file of a name.
    public func contains(_ name: String) -> Bool { entries.contains { $0.name == name } }

    /// The unpacked bytes of a file.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there is no such file, or its bytes are not those that its checksum was made of;
    ///   of kind `environment` if there is not enough memory.
    public func contents(of name: String) throws -> [UInt8] {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw ConvNetError(
                .format,
                "The archive has no such file",
                at: path,
                expected: "\"\(name)\"",
                received: names.isEmpty ? "no files" : names.prefix(8).joined(separator: ", ")
            )
        }
        try MemoryCheck.require(entry.size, for: "\(path), \(name)")
        return try contents(of: entry)
    }
}

#if Zip
    extension ZipArchive {
        private static func entries(of bytes: [UInt8], path: String, limits: ZipLimits) throws -> [Entry] {
            guard bytes.starts(with: [0x50, 0x4B]) else {
                throw FileKind.mismatch(.zip, bytes.prefix(FileKind.prefixLength), at: path, expected: "PK")
                    ?? ConvNetError(
                        .format,
                        "The file is not a ZIP archive",
                        at: "\(path), byte 0",
                        expected: "PK"
                    )
            }
            return try ZipHandle.reading(bytes, path: path) { archive in
                let count = archive.count
                guard count <= limits.files else {
                    throw ConvNetError(
                        .format,
                        "The archive has too many files",
                        at: path,
                        expected: "at most \(limits.files)",
                        received: "\(count)"
                    )
                }
                var taken = Set<String>(), entries: [Entry] = [],
                    rest = limits.unpackedBytes(ofArchive: bytes.count)
                for index in 0..<UInt64(count) {
                    let (name, size) = try archive.entry(index)
                    let problem =
                        ZipName.problem(with: name) ?? (taken.insert(name).inserted ? nil : "it stands twice")
                    if let problem {
                        throw ConvNetError(
                            .format,
                            "The archive has a file under a name that is refused: \(problem)",
                            at: path,
                            received: "\"\(name)\""
                        )
                    }
                    guard size <= rest else {
                        throw ConvNetError(
                            .format,
                            "The archive unpacks to too many bytes",
                            at: "\(path), \(name)",
                            expected: "at most \(limits.ratio) times the \(bytes.count) bytes of the archive",
                            received: "\(size) bytes for this file"
                        )
                    }
                    rest -= size
                    if !name.hasSuffix("/") { entries.append(Entry(name: name, index: index, size: size)) }
                }
                return entries
            }
        }

        private func contents(of entry: Entry) throws -> [UInt8] {
            try ZipHandle.reading(bytes, path: path) { try $0.contents(entry) }
        }
    }

    /// libzip's handle of an archive in memory.
    private struct ZipHandle {
        let archive: OpaquePointer
        let path: String

        /// Calls `body` with the archive that bytes hold.
        static func reading<Result>(_ bytes: [UInt8], path: String, _ body: (ZipHandle) throws -> Result)
            throws -> Result
        {
            try bytes.withUnsafeBytes { buffer in
                var error = zip_error_t()
                zip_error_init(&error)
                defer { zip_error_fini(&error) }
                func failure() -> ConvNetError {
                    ConvNetError(
                        .format,
                        "The ZIP archive cannot be read: \(String(cString: zip_error_strerror(&error)))",
                        at: path
                    )
                }
                guard
                    let source = zip_source_buffer_create(
                        buffer.baseAddress,
                        zip_uint64_t(buffer.count),
                        0,
                        &error
                    )
                else { throw failure() }
                guard let archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) else {
                    zip_source_free(source)
                    throw failure()
                }
                defer { zip_discard(archive) }
                return try body(ZipHandle(archive: archive, path: path))
            }
        }

        var count: Int { Int(zip_get_num_entries(archive, 0)) }

        /// The name and the unpacked size of a file.
        func entry(_ index: UInt64) throws -> (name: String, size: Int) {
            var status = zip_stat_t()
            let wanted = UInt64(
                ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD
            )
            guard zip_stat_index(archive, index, 0, &status) == 0, status.valid & wanted == wanted,
                let size = Int(exactly: status.size)
            else { throw failure("file \(index)") }
            let name = String(cString: status.name)
            guard status.encryption_method == UInt16(ZIP_EM_NONE) else {
                throw ConvNetError(.format, "The archive has an encrypted file", at: "\(path), \(name)")
            }
            guard [ZIP_CM_STORE, ZIP_CM_DEFLATE].contains(Int32(status.comp_method)) else {
                throw ConvNetError(
                    .format,
                    "The archive has a file that is packed in an unknown way",
                    at: "\(path), \(name)",
                    expected: "method 0 (stored) or 8 (deflated)",
                    received: "method \(status.comp_method)"
                )
            }
            var system: UInt8 = 0, attributes: UInt32 = 0
            zip_file_get_external_attributes(archive, index, 0, &system, &attributes)
            if system == UInt8(ZIP_OPSYS_UNIX), attributes >> 16 & S_IFMT == S_IFLNK {
                throw ConvNetError(
                    .format,
                    "The archive has a link",
                    at: "\(path), \(name)",
                    expected: "files"
                )
            }
            return (name, size)
        }

        /// The unpacked bytes of a file.
        func contents(_ entry: ZipArchive.Entry) throws -> [UInt8] {
            guard let file = zip_fopen_index(archive, entry.index, 0) else { throw failure(entry.name) }
            defer { zip_fclose(file) }
            let bytes = try [UInt8](unsafeUninitializedCapacity: entry.size + 1) { buffer, count in
                // One byte more than there should be: the end of the file is where its checksum is looked at.
                while count <= entry.size {
                    let read = zip_fread(
                        file,
                        buffer.baseAddress.map { $0 + count },
                        zip_uint64_t(entry.size + 1 - count)
                    )
                    guard read >= 0 else {
                        throw ConvNetError(
                            .format,
                            "A file of the archive is damaged: \(String(cString: zip_file_strerror(file)))",
                            at: "\(path), \(entry.name)"
                        )
                    }
                    if read == 0 { return }
                    count += Int(read)
                }
            }
            guard bytes.count == entry.size else {
                throw ConvNetError(
                    .format,
                    "A file of the archive has another size than its table says",
                    at: "\(path), \(entry.name)",
                    expected: "\(entry.size) bytes",
                    received: bytes.count > entry.size ? "more" : "\(bytes.count)"
                )
            }
            return bytes
        }

        private func failure(_ place: String) -> ConvNetError {
            ConvNetError(
                .format,
                "The ZIP archive cannot be read: \(String(cString: zip_strerror(archive)))",
                at: "\(path), \(place)"
            )
        }
    }
#else
    extension ZipArchive {
        private static func entries(of bytes: [UInt8], path: String, limits: ZipLimits) throws -> [Entry] {
            throw MissingTrait.error("Zip", at: path)
        }

        private func contents(of entry: Entry) throws -> [UInt8] { throw MissingTrait.error("Zip", at: path) }
    }
#endif
