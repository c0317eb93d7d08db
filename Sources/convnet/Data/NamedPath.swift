import ArgumentParser
import Foundation

/// A file for an input or an output: `PATH`, or `NAME=PATH`.
struct NamedPath: ExpressibleByArgument, Sendable {
    let name: String?
    let path: String

    init(name: String? = nil, path: String) {
        self.name = name
        self.path = path
    }

    /// An argument that is a file as a whole is one, whatever it contains.
    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        if !FileManager.default.fileExists(atPath: argument), let sign = argument.firstIndex(of: "=") {
            name = String(argument[..<sign])
            path = String(argument[argument.index(after: sign)...])
            if name?.isEmpty == true || path.isEmpty { return nil }
        } else {
            name = nil
            path = argument
        }
    }

    /// What the path's name ends in, in lower case and without the dot.
    var ending: String { (path as NSString).pathExtension.lowercased() }

    /// Whether there is something at the path that is no folder.
    var isFile: Bool { FileManager.default.fileExists(atPath: path) && !isFolder }

    var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
