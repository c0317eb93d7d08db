import Foundation
import SwiftConvNet

/// A program run from start to end: how long it took, and how much memory it had.
package struct MeasuredProgram: Sendable, Hashable, Codable {
    /// From before it was started until after it had ended, in seconds.
    package let seconds: Double
    /// The most memory that it had at once, in bytes.
    package let peakBytes: Int
    /// The exit code, or minus the number of the signal that ended it.
    package let code: Int32
    /// The end of what it printed.
    package let output: String

    /// Runs a program in this process' name; to be called by a small process, for see `ChildProcess.End.peakBytes`.
    package init(running program: String, _ arguments: [String]) throws {
        var lines: [String] = []
        var end: ChildProcess.End?
        seconds = try Stopwatch.seconds {
            let child = try ChildProcess(program, arguments)
            while let line = try child.nextLine() { lines.append(line) }
            end = child.wait()
        }
        peakBytes = end?.peakBytes ?? 0
        code = end?.code ?? -1
        output = lines.suffix(20).joined(separator: "\n")
    }

    /// Runs a program by way of a launcher, a new process that calls `init(running:_:)` and prints it as JSON.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - launcher: the launcher's program and its first arguments.
    /// - Throws: `ConvNetError` of kind `environment` if the program does not end with 0.
    package static func run(_ words: [String], by launcher: [String]) throws -> MeasuredProgram {
        let program = words.first ?? ""
        let child = try ChildProcess(launcher[0], Array(launcher.dropFirst()) + words)
        var text = ""
        while let line = try child.nextLine() { text += line + "\n" }
        _ = child.wait()
        guard let measured = try? JSONDecoder().decode(MeasuredProgram.self, from: Data(text.utf8)) else {
            throw ConvNetError(.environment, "A program could not be measured: \(text)", at: program)
        }
        guard measured.code == 0 else {
            throw ConvNetError(
                .environment,
                "A program has failed",
                at: program,
                expected: "exit code 0",
                received: "\(measured.code), and it printed: \(measured.output)"
            )
        }
        return measured
    }
}
