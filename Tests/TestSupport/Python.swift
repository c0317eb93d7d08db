import Foundation

/// The Python that tests compare with: the one that the environment variable `SWIFTCONVNET_PYTHON` names, which must
/// have NumPy and `safetensors`. Tests that need it are skipped without it.
public enum Python {
    /// The path of the interpreter.
    public static var path: String? { ProcessInfo.processInfo.environment["SWIFTCONVNET_PYTHON"] }

    /// Runs a script with arguments, and returns what it has printed.
    public static func run(_ script: String, _ arguments: String...) throws -> String {
        try runProgram(path ?? "python3", ["-c", script] + arguments)
    }
}

/// A program that has failed, and what it had to say.
public struct ProgramFailure: Error, CustomStringConvertible {
    /// The command, its status and its output.
    public let description: String
}

/// Runs a program and returns what it has printed on standard output.
///
/// - Throws: `ProgramFailure` with its output if it ends with another status than 0.
public func runProgram(_ path: String, _ arguments: [String], in folder: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [path] + arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let output = Pipe()
    process.standardOutput = output
    let errors = FileManager.default.temporaryDirectory.appending(
        path: "swiftconvnet-tests-\(UUID().uuidString).log"
    )
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        let said = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        throw ProgramFailure(
            description:
                "\(path) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus):\n\(text)\n\(said)"
        )
    }
    return text
}
