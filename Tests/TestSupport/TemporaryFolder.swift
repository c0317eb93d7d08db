import Foundation

/// A folder of a test's own, removed with everything in it when the last reference goes.
public final class TemporaryFolder: Sendable {
    /// The path of the folder.
    public let path: String

    /// Makes an empty folder.
    public init() throws {
        path = NSTemporaryDirectory() + "swiftconvnet-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a folder `name` in this one, and returns its path.
    public func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
        return file(name)
    }

    /// The names of everything in the folder, hidden or not, in order.
    public var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// Whether the file system of temporary folders has files without names (O_TMPFILE), as ext4, XFS, Btrfs, tmpfs and
    /// overlays since Linux 6.1 have.
    public static let holdsFilesWithoutNames: Bool = {
        let descriptor = open(
            NSTemporaryDirectory(),
            0o20_000_000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC,
            mode_t(0o600)
        )
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }()
}
