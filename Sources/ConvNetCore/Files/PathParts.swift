/// The two parts of a path, as text: nothing is looked up.
///
/// Foundation has the same, but on Linux it ends the process for a path of one character.
package enum PathParts {
    /// The folder that something is in: `a` of `a/b`, `/` of `/a`; empty for a name alone, which is in the current folder.
    package static func folder(of path: String) -> String {
        let (path, slash) = lastSlash(of: path)
        guard let slash else { return "" }
        let folder = withoutSlashes(path[..<slash])
        return folder.isEmpty ? "/" : String(folder)
    }

    /// What something is called in its folder: `b` of `a/b`; `/` for the root.
    package static func name(of path: String) -> String {
        let (rest, slash) = lastSlash(of: path)
        let name = slash.map { rest[rest.index(after: $0)...] } ?? rest
        return name.isEmpty && slash != nil ? "/" : String(name)
    }

    /// The path of a name in a folder, which may be the empty one.
    package static func path(of name: String, in folder: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// The path without slashes at its end, unless it is the root, and its last slash.
    private static func lastSlash(of path: String) -> (path: Substring, slash: String.Index?) {
        let rest = withoutSlashes(path[...])
        let whole = rest.isEmpty ? path.prefix(1) : rest
        return (whole, whole.lastIndex(of: "/"))
    }

    private static func withoutSlashes(_ path: Substring) -> Substring {
        var rest = path
        while rest.hasSuffix("/") { rest.removeLast() }
        return rest
    }
}
