import Foundation

/// A program of this package, as it was built beside the tests, which run it as a process of its own.
public struct BuiltProgram: Sendable {
    /// How a run ended, and what it printed.
    public struct Run: Sendable {
        /// The exit code, or the number of the signal that ended the run, negative.
        public let code: Int32
        public let output: String
        public let errors: String
    }

    /// Where it is; if it is not there, a text that says so.
    public let path: String

    /// The program of a name.
    public init(_ name: String) {
        let own =
            [Bundle.main.executablePath ?? "", CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
        let places = own.map { ($0 as NSString).deletingLastPathComponent + "/" + name }
        path = places.first(where: FileManager.default.isExecutableFile) ?? "\(name) is not beside the tests"
    }

    /// A program of the system, such as `/bin/sh`.
    public init(path: String) { self.path = path }

    /// Runs the program to its end; one that hangs is killed after `timeout` seconds, many more than it needs on a busy
    /// machine.
    ///
    /// - Parameter environment: variables beside those of this process.
    public func run(_ arguments: [String], environment: [String: String] = [:], timeout: Double = 1800) throws
        -> Run
    {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(folder.file("output"))
        process.standardError = try Self.file(folder.file("errors"))
        try process.run()
        let watch = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout, execute: watch)
        process.waitUntilExit()
        watch.cancel()
        return Run(
            code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: try String(contentsOfFile: folder.file("output"), encoding: .utf8),
            errors: try String(contentsOfFile: folder.file("errors"), encoding: .utf8)
        )
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
