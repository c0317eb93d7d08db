import Foundation

/// A folder for files that are only needed meanwhile.
enum TemporaryFiles {
    /// Makes an empty folder, and removes it when `body` is done.
    static func use<Result>(_ body: (_ folder: String) throws -> Result) throws -> Result {
        let folder = NSTemporaryDirectory() + "convnet-bench-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }
}
