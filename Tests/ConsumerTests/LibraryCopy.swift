import Foundation
import TestSupport

/// This package as somebody else gets it: the files of the working tree that git does not ignore, in a folder
/// `SwiftConvNet`, which is a git repository with a tag.
struct LibraryCopy {
    static let version = "999.0.0"

    /// Whether packages that depend on this one are built. That takes minutes, for they are built from nothing.
    static let isEnabled =
        ProcessInfo.processInfo.environment["SWIFTCONVNET_CONSUMER_TEST"].map { !["", "0"].contains($0) }
        ?? false

    /// The folder of the working tree.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    let path: String

    init(in folder: TemporaryFolder) throws {
        path = try folder.makeFolder("SwiftConvNet")
        for name in try Self.fileNames {
            let target = URL(fileURLWithPath: "\(path)/\(name)")
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try FileManager.default.copyItem(at: URL(fileURLWithPath: "\(Self.root)/\(name)"), to: target)
        }
        let author = ["-c", "user.name=Test", "-c", "user.email=test@localhost"]
        for arguments in [
            ["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Copy"],
        ] {
            _ = try runProgram("git", ["-C", path] + author + arguments)
        }
        _ = try runProgram("git", ["-C", path, "tag", Self.version])
    }

    /// The files of the working tree, relative to its root.
    static var fileNames: [String] {
        get throws {
            try runProgram(
                "git",
                ["-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
            )
            .split(separator: "\0").map(String.init)
            .filter { FileManager.default.fileExists(atPath: "\(root)/\($0)") }
        }
    }
}

/// Writes a file, and the folders that it is in.
func write(_ text: String, to path: String) throws {
    try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent,
        withIntermediateDirectories: true
    )
    try text.write(toFile: path, atomically: true, encoding: .utf8)
}
