import SwiftConvNet

/// The rules for names of files in an archive.
enum ZipName {
    /// Why a name is refused; `nil` for one that is fine.
    static func problem(with name: String) -> String? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if name.isEmpty { return "it is empty" }
        if name.hasPrefix("/") { return "it is absolute" }
        if name.contains("\\") || name.contains(":") { return "it has a backslash or a colon" }
        if name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            return "it has a control character"
        }
        if parts.contains(where: { $0 == ".." || $0 == "." }) { return "it goes up or stays in its folder" }
        // The name of a folder ends in a slash.
        if parts.dropLast().contains("") { return "it has an empty part" }
        return nil
    }
}
