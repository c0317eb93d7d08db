import SwiftConvNet

#if Zip
    import CZip
#endif

extension ZipWriter {
    /// Writes an archive of files on the disk, stored as they are; none of them is ever all in memory. The archive is whole at every
    /// moment, for libzip writes it under another name first.
    ///
    /// - Parameters:
    ///   - files: the names in the archive, which go by the rules that the reader has, and where the files are.
    ///   - path: where the archive is to be.
    /// - Throws: `ConvNetError` of kind `argument` for a name that is refused or stands twice, of kind `file` if a file cannot be read or
    ///   the archive not be written, of kind `environment` without the trait.
    package static func write(_ files: [(name: String, path: String)], to path: String) throws {
        try check(names: files.map(\.name))
        try make(files, at: path)
    }

    #if Zip
        private static func make(_ files: [(name: String, path: String)], at path: String) throws {
            var code: Int32 = 0
            guard let archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code) else {
                var error = zip_error_t()
                zip_error_init_with_code(&error, code)
                defer { zip_error_fini(&error) }
                throw ConvNetError(
                    .file,
                    "The archive cannot be written: \(String(cString: zip_error_strerror(&error)))",
                    at: path
                )
            }
            func failure() -> ConvNetError {
                ConvNetError(
                    .file,
                    "The archive cannot be written: \(String(cString: zip_strerror(archive)))",
                    at: path
                )
            }
            do {
                for file in files {
                    // A length of -1 is all of the file.
                    guard let source = zip_source_file(archive, file.path, 0, -1) else { throw failure() }
                    let index = zip_file_add(archive, file.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
                    guard index >= 0 else {
                        zip_source_free(source)
                        throw failure()
                    }
                    guard zip_set_file_compression(archive, zip_uint64_t(index), ZIP_CM_STORE, 0) == 0,
                        zip_file_set_dostime(archive, zip_uint64_t(index), 0, 0x21, 0) == 0
                    else { throw failure() }
                }
                guard zip_close(archive) == 0 else { throw failure() }
            } catch {
                zip_discard(archive)
                throw error
            }
        }
    #else
        private static func make(_ files: [(name: String, path: String)], at path: String) throws {
            throw MissingTrait.error("Zip", at: path)
        }
    #endif
}
