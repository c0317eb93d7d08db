import Foundation

/// Writes files so that at every moment either the old file is there, whole, or the new one.
///
/// The content goes into a file without a name in the same folder; that is flushed, synced to the storage, given a
/// temporary name and renamed at once, and then the folder is synced. Whatever fails before the renaming, and whatever
/// ends the process, the old file stays as it is. Nothing else is left, unless the process is killed in the microseconds
/// between naming and renaming. Where a file system knows no files without names (NFS, some FUSE), the file has its
/// temporary name from the beginning, and is removed if anything fails; a process that is killed leaves it behind.
///
/// ```
/// try AtomicFile.write(to: path) { file in
///     try file.write(header)
///     try file.write(weights)
/// }
/// ```
package enum AtomicFile {
    /// What the names of temporary files begin with. One that a killed process left behind may be deleted.
    package static let temporaryPrefix = ".swiftconvnet-"

    /// Writes the file at `path` with what `content` writes.
    ///
    /// A symbolic link at `path` is replaced, never followed. A file that is replaced hands on its
    /// permissions.
    ///
    /// - Parameter temporaryName: The name of the temporary file, for a folder that no one else writes into: what a
    ///   killed process left under that name is replaced, so that nothing piles up.
    /// - Throws: `ConvNetError` of kind `file` with the path and the system's message; what `content` throws.
    package static func write(
        to path: String,
        temporaryName: String? = nil,
        _ content: (FileWriter) throws -> Void
    ) throws {
        let (folderPath, name) = try split(path)
        let folder = open(folderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("Cannot write into the folder", path) }
        defer { close(folder) }

        var old = stat()
        let replaces = fstatat(folder, name, &old, AT_SYMLINK_NOFOLLOW) == 0
        let kind = old.st_mode & S_IFMT
        if replaces, kind != S_IFREG, kind != S_IFLNK {
            throw ConvNetError(
                .file,
                "Cannot replace what is at the path",
                at: path,
                expected: "a file, or nothing",
                received: kind == S_IFDIR ? "a folder" : "a device or a pipe"
            )
        }

        let temporary =
            temporaryName ?? temporaryPrefix + String(UInt64.random(in: .min ... .max), radix: 16)
        if temporaryName != nil { unlinkat(folder, temporary, 0) }
        let unnamed = openUnnamed(in: folder)
        let descriptor =
            unnamed >= 0
            ? unnamed
            : openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(0o666))
        guard descriptor >= 0 else { throw failure("Cannot create a file in the folder", path) }
        do {
            do {
                try fill(
                    descriptor,
                    path: path,
                    permissions: replaces && kind == S_IFREG ? old.st_mode & 0o777 : nil,
                    content
                )
                if unnamed >= 0,
                    linkat(AT_FDCWD, link(to: unnamed), folder, temporary, AT_SYMLINK_FOLLOW) != 0
                {
                    throw failure("Cannot give the new file its name", path)
                }
            } catch {
                close(descriptor)
                throw error
            }
            // Network file systems may report a full disk only here.
            guard close(descriptor) == 0 else { throw failure("Cannot close the file", path) }
            guard renameat(folder, temporary, folder, name) == 0 else {
                throw failure("Cannot give the new file its name", path)
            }
        } catch {
            unlinkat(folder, temporary, 0)
            throw error
        }
        // Some file systems cannot sync a folder, and say EINVAL.
        guard fsync(folder) == 0 || errno == EINVAL else {
            throw failure("The file is written, but its folder cannot be synced to the storage", path)
        }
    }

    /// Writes the file at `path` with `bytes`.
    ///
    /// - Throws: as `write(to:_:)` with a closure.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        try write(to: path) { try $0.write(bytes) }
    }

    /// Writes the file at `path` with the UTF-8 bytes of `text`.
    ///
    /// - Throws: as `write(to:_:)` with a closure.
    package static func write(_ text: String, to path: String) throws {
        try write(to: path) { try $0.write(text) }
    }

    /// Opens a file without a name, which ends with the process that has it open; -1 where that is not possible.
    package static func openUnnamed(in folder: Int32) -> Int32 {
        // O_TMPFILE, a macro that Swift cannot see.
        let descriptor = openat(folder, ".", 0o20_000_000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC, mode_t(0o666))
        // Without /proc it could get no name.
        guard descriptor >= 0, access(link(to: descriptor), F_OK) != 0 else { return descriptor }
        close(descriptor)
        return -1
    }

    /// What stands for an open file among the paths.
    private static func link(to descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

    /// Writes, flushes and syncs the temporary file.
    private static func fill(
        _ descriptor: Int32,
        path: String,
        permissions: mode_t?,
        _ content: (FileWriter) throws -> Void
    ) throws {
        if let permissions { _ = fchmod(descriptor, permissions) }
        let writer = FileWriter(descriptor: descriptor, path: path)
        try content(writer)
        try writer.flush()
        guard fsync(descriptor) == 0 else { throw failure("Cannot sync the file to the storage", path) }
    }

    private static func split(_ path: String) throws -> (folder: String, name: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty, name != ".", name != "..", !path.utf8.contains(0) else {
            throw ConvNetError(
                .file,
                "The path does not end in a file's name",
                at: path,
                expected: "folder/name",
                received: "\"\(path)\""
            )
        }
        guard parts.count > 1 else { return (".", String(name)) }
        let folder = parts.dropLast().joined(separator: "/")
        return (folder.isEmpty ? "/" : folder, String(name))
    }

    private static func failure(_ summary: String, _ path: String) -> ConvNetError {
        ConvNetError(.file, "\(summary): \(ConvNetError.systemMessage())", at: path)
    }
}
