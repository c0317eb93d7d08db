import Foundation

/// Where words go: tables to standard output, all else to standard error.
enum Console {
    /// Prints a line to standard error.
    static func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    /// Prints a table.
    static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
