import Foundation
import Synchronization
import TestSupport
import Testing

/// The program `mnist`, as it was built beside these tests.
enum MNISTProgram {
    /// How a run ended, and what it printed.
    struct Run {
        let arguments: [String]
        /// The exit code; `nil` if a signal ended the run.
        let code: Int32?
        let output: String
        let errors: String

        var lines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false) }

        /// What stands on standard error, but for the note that every debug build prints.
        var errorText: String {
            errors.split(separator: "\n").filter { !$0.hasPrefix("This is a debug build") }
                .joined(separator: "\n")
        }
    }

    /// Runs the program to its end, its output to files, as in a script.
    ///
    /// - Parameter environment: variables beside `PATH`; downloads and the cache are out of its reach.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
        try start(executable, arguments, environment)
    }

    static func run(_ arguments: String...) throws -> Run { try run(arguments) }

    /// Runs a line of shell, in which `$0` is the program and `$1` … are the arguments.
    static func shell(_ script: String, _ arguments: String...) throws -> Run {
        try shell(script, arguments: arguments)
    }

    static func shell(_ script: String, arguments: [String]) throws -> Run {
        try start("/bin/sh", ["-c", script, executable] + arguments, [:])
    }

    private static func start(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String]
    ) throws -> Run {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let variables = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "XDG_CACHE_HOME": "/dev/null/none",
        ]
        process.environment = variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try file(folder.file("output"))
        process.standardError = try file(folder.file("errors"))
        try process.run()
        let watch = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 1800, execute: watch)
        process.waitUntilExit()
        watch.cancel()
        return Run(
            arguments: arguments,
            code: process.terminationReason == .exit ? process.terminationStatus : nil,
            output: try String(contentsOfFile: folder.file("output"), encoding: .utf8),
            errors: try String(contentsOfFile: folder.file("errors"), encoding: .utf8)
        )
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static let executable = BuiltProgram("mnist").path
}

/// The objects of `--json`: every line has to be one.
func jsonObjects(_ run: MNISTProgram.Run) throws -> [[String: Any]] {
    try run.output.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
    }
}
