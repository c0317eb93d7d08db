import Foundation
import SwiftConvNet

/// The folder that a run writes its files into. Each file is written whole or not at all.
struct OutputFolder {
    let path: String

    /// Makes the folder if it is not there.
    ///
    /// - Throws: `ConvNetError` of kind `file` if that is not possible.
    init(_ path: String) throws {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        try Folders.make(path, as: "the output folder", remedy: "Name another one with --output")
    }

    /// The path of a file in the folder.
    func path(of name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, replacing an older one of that name.
    func write(_ text: String, as name: String) throws {
        try AtomicFile.write(text, to: path(of: name))
    }
}
