import SwiftConvNet

#if Zip
    import CZip
#endif

/// Makes a ZIP archive in memory. The same files give the same bytes: their date is 1 January 1980, the earliest that the format
/// knows. Needs the trait `Zip`.
package enum ZipWriter {
    /// An archive of files, in this order.
    ///
    /// - Parameters:
    ///   - files: names and bytes; names go by the rules that the reader has.
    ///   - compresses: whether the files are deflated; else they are stored.
    /// - Throws: `ConvNetError` of kind `argument` for a name that is refused or stands twice, of kind `environment` without the
    ///   trait, or if there is not enough memory.
    package static func archive(_ files: [(name: String, bytes: [UInt8])], compresses: Bool = false) throws
        -> [UInt8]
    {
        try check(names: files.map(\.name))
        return try make(files, compresses: compresses)
    }

    /// - Throws: `ConvNetError` of kind `argument` for a name that is refused or stands twice.
    static func check(names: [String]) throws {
        var taken = Set<String>()
        for name in names {
            let problem =
                ZipName.problem(with: name) ?? (name.hasSuffix("/") ? "it is a folder's" : nil)
                ?? (taken.insert(name).inserted ? nil : "it stands twice")
            if let problem {
                throw ConvNetError(
                    .argument,
                    "A file in an archive cannot have this name: \(problem)",
                    at: "names",
                    received: "\"\(name)\""
                )
            }
        }
    }

    #if Zip
        private static func make(_ files: [(name: String, bytes: [UInt8])], compresses: Bool) throws
            -> [UInt8]
        {
            var error = zip_error_t()
            zip_error_init(&error)
            defer { zip_error_fini(&error) }
            func failure() -> ConvNetError {
                ConvNetError(
                    .environment,
                    "The archive cannot be made: \(String(cString: zip_error_strerror(&error)))"
                )
            }
            guard let target = zip_source_buffer_create(nil, 0, 0, &error) else { throw failure() }
            defer { zip_source_free(target) }
            zip_source_keep(target)
            guard let archive = zip_open_from_source(target, ZIP_TRUNCATE, &error) else {
                zip_source_free(target)
                throw failure()
            }
            // The buffers are read when the archive is closed.
            try withBuffers(of: files.map(\.bytes)[...], []) { buffers in
                do {
                    for (place, buffer) in buffers.enumerated() {
                        guard
                            let source = zip_source_buffer(
                                archive,
                                buffer.baseAddress,
                                zip_uint64_t(buffer.count),
                                0
                            )
                        else { throw Self.failure(of: archive) }
                        let index = zip_file_add(
                            archive,
                            files[place].name,
                            source,
                            zip_flags_t(ZIP_FL_ENC_UTF_8)
                        )
                        guard index >= 0 else {
                            zip_source_free(source)
                            throw Self.failure(of: archive)
                        }
                        let method = compresses ? ZIP_CM_DEFLATE : ZIP_CM_STORE
                        guard zip_set_file_compression(archive, zip_uint64_t(index), method, 0) == 0,
                            zip_file_set_dostime(archive, zip_uint64_t(index), 0, 0x21, 0) == 0
                        else { throw Self.failure(of: archive) }
                    }
                    guard zip_close(archive) == 0 else { throw Self.failure(of: archive) }
                } catch {
                    zip_discard(archive)
                    throw error
                }
            }
            return try bytes(of: target)
        }

        private static func failure(of archive: OpaquePointer) -> ConvNetError {
            ConvNetError(
                .environment,
                "The archive cannot be made: \(String(cString: zip_strerror(archive)))"
            )
        }

        /// Calls `body` while all arrays stay where they are.
        private static func withBuffers(
            of arrays: ArraySlice<[UInt8]>,
            _ buffers: [UnsafeRawBufferPointer],
            _ body: ([UnsafeRawBufferPointer]) throws -> Void
        ) throws {
            guard let first = arrays.first else { return try body(buffers) }
            try first.withUnsafeBytes { try withBuffers(of: arrays.dropFirst(), buffers + [$0], body) }
        }

        /// What has been written into a source.
        private static func bytes(of source: OpaquePointer) throws -> [UInt8] {
            var status = zip_stat_t()
            guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
                throw ConvNetError(.environment, "The archive that was made cannot be read back")
            }
            defer { zip_source_close(source) }
            let size = Int(status.size)
            try MemoryCheck.require(size, for: "an archive")
            return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let read = zip_source_read(
                        source,
                        buffer.baseAddress.map { $0 + count },
                        zip_uint64_t(size - count)
                    )
                    guard read > 0 else { return }
                    count += Int(read)
                }
            }
        }
    #else
        private static func make(_ files: [(name: String, bytes: [UInt8])], compresses: Bool) throws
            -> [UInt8]
        {
            throw MissingTrait.error("Zip", at: "ZipWriter")
        }
    #endif
}
