import Foundation
import SwiftConvNet

/// The pictures of a folder in the order in which Keras lists them.
struct FolderIndex {
    /// The endings of pictures' names. Keras has the first five; names of the others do not change the order of these.
    static let endings = [".bmp", ".gif", ".jpeg", ".jpg", ".png", ".pbm", ".pgm", ".ppm"]

    let path: String
    let followsLinks: Bool

    /// The names of the folders in it that are not hidden, in order.
    ///
    /// - Throws: `ConvNetError` of kind `file` if the folder cannot be read.
    func folders() throws -> [String] {
        try entries(of: path).filter { $0.isFolder && !$0.name.hasPrefix(".") }.map(\.name)
            .sorted(by: Self.precedes)
    }

    /// The pictures in a folder and in those below it, relative to `path`: folders by their paths, then files by their names.
    ///
    /// - Parameter folder: relative to `path`; empty for that itself.
    /// - Throws: `ConvNetError` of kind `file` if a folder cannot be read.
    func pictures(in folder: String) throws -> [String] {
        var found: [(folder: String, files: [String])] = []
        try walk(folder, above: [], into: &found)
        found.sort { Self.precedes($0.folder, $1.folder) }
        return found.flatMap { folder, files in
            files.sorted(by: Self.precedes).map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
        }
    }

    /// Whether a name ends as pictures' names do.
    static func isPicture(_ name: String) -> Bool {
        let name = name.lowercased()
        return endings.contains { name.hasSuffix($0) }
    }

    /// By code points, as Python compares strings.
    static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    private struct Entry {
        let name: String
        let isFolder: Bool
        let isLink: Bool
    }

    /// What makes a folder the same one under another name.
    private struct Identity: Hashable {
        let device: UInt64, file: UInt64
    }

    private func walk(
        _ folder: String,
        above: Set<Identity>,
        into found: inout [(folder: String, files: [String])]
    ) throws {
        let full = folder.isEmpty ? path : "\(path)/\(folder)"
        var status = stat()
        guard stat(full, &status) == 0 else { throw Self.failure(full) }
        let identity = Identity(device: UInt64(status.st_dev), file: UInt64(status.st_ino))
        // A link to a folder above would go round for ever.
        guard !above.contains(identity) else { return }
        let entries = try entries(of: full)
        found.append((folder, entries.filter { !$0.isFolder && Self.isPicture($0.name) }.map(\.name)))
        for entry in entries where entry.isFolder && (followsLinks || !entry.isLink) {
            let inner = folder.isEmpty ? entry.name : "\(folder)/\(entry.name)"
            try walk(inner, above: above.union([identity]), into: &found)
        }
    }

    private func entries(of folder: String) throws -> [Entry] {
        guard let directory = opendir(folder) else { throw Self.failure(folder) }
        defer { closedir(directory) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                // The end, or a disk that fails: a list that is too short would be another dataset.
                guard errno == 0 else { throw Self.failure(folder) }
                return entries
            }
            let validated = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(validatingCString: $0)
                }
            }
            guard let name = validated else {
                throw ConvNetError(
                    .file,
                    "A name in the folder is no UTF-8",
                    at: folder,
                    expected: "names in UTF-8",
                    remedy: "Rename the file, for example with convmv"
                )
            }
            guard name != ".", name != ".." else { continue }
            var kind = stat(), target = stat()
            let path = "\(folder)/\(name)"
            let isLink = lstat(path, &kind) == 0 && kind.st_mode & S_IFMT == S_IFLNK
            let isFolder = stat(path, &target) == 0 && target.st_mode & S_IFMT == S_IFDIR
            entries.append(Entry(name: name, isFolder: isFolder, isLink: isLink))
        }
    }

    private static func failure(_ folder: String) -> ConvNetError {
        ConvNetError(.file, "Cannot read the folder: \(ConvNetError.systemMessage())", at: folder)
    }
}
