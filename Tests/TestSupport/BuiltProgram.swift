import Foundation

/// A program of this package, as it was built beside the tests.
public enum BuiltProgram {
    /// The path of a program: the folder of the test program has it. `nil` if it does not.
    public static func path(of name: String) -> String? {
        let own =
            [Bundle.main.executablePath ?? "", CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
        return own.map { ($0 as NSString).deletingLastPathComponent + "/" + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
