import Foundation
import SwiftConvNet

/// A folder that may have the four files of a dataset.
struct DatasetFolder: Sendable {
    let path: String

    init(_ path: String) { self.path = path }

    /// The folder `name` in this one.
    func folder(_ name: String) -> DatasetFolder { DatasetFolder(file(name)) }

    /// The path of `name` in this folder.
    func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    /// The path of one of the four files, plain or with `.gz`, if it is there.
    func existing(_ file: PublishedDataset.File) -> String? {
        [self.file(file.rawValue), self.file(file.rawValue + ".gz")].first {
            FileManager.default.fileExists(atPath: $0)
        }
    }

    /// Whether any of the four files is there.
    var hasAny: Bool { PublishedDataset.File.allCases.contains { existing($0) != nil } }

    /// Reads the four files.
    ///
    /// - Throws: `ConvNetError` of kind `file` if one is missing or cannot be read, of kind `format` if one
    ///   is broken.
    func read() throws -> FourFiles {
        let missing = PublishedDataset.File.allCases.filter { existing($0) == nil }
        guard missing.isEmpty else {
            throw ConvNetError(
                .file,
                "Files of the dataset are missing",
                at: path,
                expected: "\(Self.names(PublishedDataset.File.allCases)), plain or with .gz",
                received: "no \(Self.names(missing))",
                remedy: "Put all four files into the folder"
            )
        }
        return try FourFiles(decoding: { try IDXFile(contentsOf: existing($0) ?? self.file($0.rawValue)) })
    }

    /// Names in a row, for errors.
    static func names(_ files: [PublishedDataset.File]) -> String {
        files.map(\.rawValue).joined(separator: ", ")
    }
}
