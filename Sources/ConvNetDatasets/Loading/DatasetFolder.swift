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
    ///
    /// Its name may be as unpacking programs and Kaggle's copies have it: `train-images.idx3-ubyte`, in upper case, or
    /// within a folder of that name. The published name comes first, then plain files, then folders.
    func existing(_ file: PublishedDataset.File) -> String? {
        let published = [self.file(file.rawValue), self.file(file.rawValue + ".gz")]
        if let path = published.first(where: { Self.isThere($0) && !Self.isFolder($0) }) { return path }
        let alike = names.filter { file.isMeant(by: $0) }
        return alike.lazy.map(self.file).first { !Self.isFolder($0) }
            ?? alike.lazy.map(self.file).compactMap { folder in
                DatasetFolder(folder).names.filter { file.isMeant(by: $0) }.map { "\(folder)/\($0)" }
                    .first { !Self.isFolder($0) }
            }.first
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
                expected: Self.names(PublishedDataset.File.allCases) + Self.alsoWelcome,
                received: "no \(Self.names(missing)); in the folder: \(contents)",
                remedy: remedy ?? "Put all four files into the folder, under these names"
            )
        }
        return try FourFiles(decoding: { try IDXFile(contentsOf: existing($0) ?? self.file($0.rawValue)) })
    }

    /// Names in a row, for errors.
    static func names(_ files: [PublishedDataset.File]) -> String {
        files.map(\.rawValue).joined(separator: ", ")
    }

    /// Which other names would do, for errors.
    static let alsoWelcome = ", plain or with .gz; \".idx\" for \"-idx\" and upper case are welcome"

    /// What is in the folder, for errors.
    var contents: String {
        let names = names
        guard !names.isEmpty else { return "nothing" }
        return names.prefix(8).joined(separator: ", ")
            + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }

    /// What to do about files that are there and not those of the dataset.
    var remedy: String? {
        let names = names.map { $0.lowercased() }
        if names.contains(where: { $0.hasPrefix("emnist-") }) {
            return
                "EMNIST's images are transposed, rows for columns, so they are not taken for MNIST's: read them by IDXFile(contentsOf:)"
        }
        if names.contains("mnist.npz")
            || names.contains(where: { $0.hasPrefix("mnist") && $0.hasSuffix(".csv") })
        {
            return "Only the IDX format is read, in which MNIST is published"
        }
        return names.contains { $0.hasSuffix(".zip") } ? "Unpack the archive first" : nil
    }

    /// The names of what is in the folder, sorted; none if it cannot be read.
    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}

extension PublishedDataset.File {
    /// Whether a file of this name is taken for this one: letters and digits are the same, in any case, and what
    /// separates them may differ.
    fileprivate func isMeant(by name: String) -> Bool {
        var name = name.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        return name.split(whereSeparator: { "-._ ".contains($0) }).elementsEqual(
            rawValue.split(separator: "-")
        )
    }
}
