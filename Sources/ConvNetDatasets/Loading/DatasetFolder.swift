import Foundation
import SwiftConvNet

/// A folder that may have the files of a dataset.
struct DatasetFolder: Sendable {
    let path: String

    init(_ path: String) { self.path = path }

    /// The user's cache folder for a dataset: `swiftconvnet/NAME` in `XDG_CACHE_HOME`, or else in `.cache` of `HOME`; nil
    /// without either.
    static func cache(_ name: String, _ environment: [String: String]) -> DatasetFolder? {
        // The specification (XDG Base Directory) has relative paths ignored.
        if let caches = environment["XDG_CACHE_HOME"], caches.hasPrefix("/") {
            return DatasetFolder(caches).folder("swiftconvnet").folder(name)
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return DatasetFolder(home).folder(".cache").folder("swiftconvnet").folder(name)
    }

    /// The folder `name` in this one.
    func folder(_ name: String) -> DatasetFolder { DatasetFolder(file(name)) }

    /// The path of `name` in this folder.
    func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    /// The path of one of the four files of a dataset, plain or with `.gz`, if it is there.
    ///
    /// Its name may be as unpacking programs and Kaggle's copies have it: `train-images.idx3-ubyte`, in upper case, or
    /// within a folder of that name. The published name comes first, then plain files, then folders.
    func existing(_ file: PublishedDataset.File, of dataset: PublishedDataset) -> String? {
        let name = dataset.fileName(file)
        let published = [self.file(name), self.file(name + ".gz")]
        if let path = published.first(where: { Self.isThere($0) && !Self.isFolder($0) }) { return path }
        let alike = names.filter { Self.isMeant(name, by: $0) }
        return alike.lazy.map(self.file).first { !Self.isFolder($0) }
            ?? alike.lazy.map(self.file).compactMap { folder in
                DatasetFolder(folder).names.filter { Self.isMeant(name, by: $0) }.map { "\(folder)/\($0)" }
                    .first { !Self.isFolder($0) }
            }.first
    }

    /// The path of the file of a name, if it is there.
    func existing(_ name: String) -> String? {
        let path = file(name)
        return Self.isThere(path) && !Self.isFolder(path) ? path : nil
    }

    /// What is in the folder, for errors.
    var contents: String {
        let names = names
        guard !names.isEmpty else { return "nothing" }
        return names.prefix(8).joined(separator: ", ")
            + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }

    /// What to do about files that are there and not those of a dataset in MNIST's four files.
    func remedy(for dataset: PublishedDataset) -> String? {
        let names = names.map { $0.lowercased() }
        if !dataset.isTransposed, names.contains(where: { $0.hasPrefix("emnist-") }) {
            return
                "EMNIST's images are transposed, rows for columns, so they are not taken for MNIST's: load them by EMNIST.load(_:from:)"
        }
        if names.contains("mnist.npz")
            || names.contains(where: { $0.hasPrefix("mnist") && $0.hasSuffix(".csv") })
        {
            return "Only the IDX format is read, in which MNIST is published"
        }
        return names.contains { $0.hasSuffix(".zip") } ? "Unpack the archive first" : nil
    }

    /// The names of what is in the folder, sorted; none if it cannot be read.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Whether a file of a name is taken for the one that is called `fileName`: letters and digits are the same, in any
    /// case, and what separates them may differ.
    private static func isMeant(_ fileName: String, by name: String) -> Bool {
        var name = name.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        return name.split(whereSeparator: { "-._ ".contains($0) }).elementsEqual(
            fileName.split(separator: "-")
        )
    }

    private static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
