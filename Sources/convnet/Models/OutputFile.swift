import ConvNetInterop
import Foundation
import SwiftConvNet

/// The file that a command writes a model to: what stands against it is known before the work, not after.
struct OutputFile {
    let path: String
    /// A name beside it that has its ending, for the ending says what is written.
    let temporary: String

    init(_ path: String) {
        self.path = path
        let name = ".convnet-\(ProcessInfo.processInfo.processIdentifier)-\(PathParts.name(of: path))"
        temporary = PathParts.path(of: name, in: PathParts.folder(of: path))
    }

    /// - Throws: `ConvNetError` of kind `file` if its folder is missing or cannot be written into, or if a folder has the path.
    func requirePlace() throws {
        let folder = PathParts.folder(of: path)
        guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else {
            throw ConvNetError(
                .file,
                "Cannot write into the folder: \(ConvNetError.systemMessage())",
                at: path,
                expected: "a folder that is there and can be written into"
            )
        }
        guard !path.hasSuffix("/"), !NamedPath(path: path).isFolder else {
            throw ConvNetError(
                .file,
                "Cannot replace what is at the path",
                at: path,
                expected: "a file, or nothing",
                received: "a folder"
            )
        }
    }

    /// Writes a model to a file that does not stay: a format may refuse its layers.
    ///
    /// - Throws: as `Model.save(to:includeOptimizer:)`.
    func tryOut(_ model: Model) throws {
        defer { unlink(temporary) }
        try named { try model.save(to: temporary) }
    }

    /// Lets errors name the file that the user knows, rather than the temporary one.
    func named<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch var error as ConvNetError {
            error.location = error.location?.replacing(temporary, with: path)
            throw error
        }
    }
}

extension ModelFormat {
    /// The formats that are written, with their endings.
    static var written: String { allCases.filter(\.isWritten).map(\.title).joined(separator: ", ") }
}
