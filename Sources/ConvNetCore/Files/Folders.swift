import Foundation

/// Makes folders.
package enum Folders {
    /// Makes the folder at `path`, and those on the way to it, unless they are there.
    ///
    /// - Parameter role: what errors call the folder: "the output folder".
    /// - Throws: `ConvNetError` of kind `file` that names the part of the path at which the system refused, and why.
    package static func make(_ path: String, as role: String, remedy: String? = nil) throws {
        var parts = path.split(separator: "/")[...]
        var made = path.hasPrefix("/") ? "/" : ""
        while let part = parts.popFirst() {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            guard !isFolder(made), mkdir(made, 0o777) != 0 else { continue }
            let code = errno
            // Another process may have made it in the meantime.
            if isFolder(made) { continue }
            let isThere = code == EEXIST
            throw ConvNetError(
                .file,
                "Cannot make \(role)" + (isThere ? "" : ": \(ConvNetError.systemMessage(code))"),
                at: path,
                expected: isThere || code == ENOTDIR ? "a folder, or nothing, at \(blocker(of: made))" : nil,
                received: isThere || code == ENOTDIR ? "something that is no folder" : nil,
                remedy: remedy
            )
        }
    }

    /// Makes the folder that the file at `path` is to be in, and those on the way to it, unless they are there.
    ///
    /// - Throws: as `make(_:as:remedy:)`.
    package static func make(forFile path: String) throws {
        try make(PathParts.folder(of: path), as: "the folder of the file")
    }

    /// The first part of a path that is there and no folder.
    private static func blocker(of path: String) -> String {
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        let parentPath = path.hasPrefix("/") ? "/" + parent : parent
        return parent.isEmpty || isFolder(parentPath) ? path : parentPath
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
