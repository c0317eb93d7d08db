import Foundation
import SwiftConvNet

/// Where the tool's words go: results to standard output, as text for people or as lines of JSON; notes and progress to standard error.
final class Console {
    private let isJSON: Bool
    private let isQuiet: Bool
    private var failure: ConvNetError?
    private var isClosed = false

    /// The characters that standard output can show.
    let characters = TerminalCharacters.current
    /// The width of tables: the terminal's, within limits.
    let width: Int

    init(_ options: PrintingOptions) {
        isJSON = options.json
        isQuiet = options.quiet
        width = Self.terminalWidth ?? 100
    }

    /// Prints lines for people; `--json` leaves them out.
    func say(_ text: String) {
        if !isJSON { write(text + "\n") }
    }

    /// Prints lines for people that are no result: `--quiet` leaves them out, too.
    func remark(_ text: String) {
        if !isQuiet { say(text) }
    }

    /// Prints a line of `--json`.
    func emit(_ line: @autoclosure () -> JSONLine) {
        if isJSON { write(line().text + "\n") }
    }

    /// Prints text as it is, whatever the options.
    func write(_ text: String) {
        guard failure == nil, !isClosed, let code = Self.write(text, to: STDOUT_FILENO) else { return }
        if code == EPIPE {
            isClosed = true
        } else {
            failure = ConvNetError(
                .file,
                "Cannot write to standard output: \(ConvNetError.systemMessage(code))"
            )
        }
    }

    /// What `fit`, `evaluate` and `predict` show: a bar on a terminal, and nothing on a pipe.
    var verbosity: Verbosity { !isQuiet && StandardError.isTerminal ? .progressBar : .silent }

    /// Tells what the reader of a file found out, on standard error; `--quiet` leaves it out.
    func tell(_ notes: [String]) {
        if !isQuiet { for note in notes { Self.note("Note: \(note)") } }
    }

    /// Shows what is being done while it lasts, on a terminal only.
    func during<Result>(_ work: String, _ body: () throws -> Result) rethrows -> Result {
        guard verbosity == .progressBar else { return try body() }
        let clearsLine = "\r\u{1B}[K"
        StandardError.write(clearsLine + "\(work) ...".prefix((StandardError.columns ?? 80) - 1))
        defer { StandardError.write(clearsLine) }
        return try body()
    }

    /// Ends the output.
    ///
    /// - Throws: `ConvNetError` of kind `file` if some of it could not be written.
    func finish() throws {
        if let failure { throw failure }
    }

    /// Prints a line to standard error.
    static func note(_ line: String) { StandardError.write(line + "\n") }

    /// Prints an error to standard error, and with `--json` a line about it to standard output.
    static func report(_ error: ConvNetError) {
        note("Error: \(error)")
        emitError(
            [
                "kind": error.kind.rawValue, "summary": error.summary, "location": error.location,
                "expected": error.expected, "received": error.received, "remedy": error.remedy,
                "exit_code": ToolExit(error).rawValue,
            ]
        )
    }

    /// Prints the line of `--json` for an error that ArgumentParser tells: a wrong command line, mostly.
    static func emitError(_ message: String, exitCode: Int32) {
        let kind = exitCode == ToolExit.usage.rawValue ? "usage" : "failure"
        emitError(["kind": kind, "summary": message, "exit_code": exitCode])
    }

    /// The options may not have been read, so the arguments say whether there is `--json`.
    private static func emitError(_ members: KeyValuePairs<String, any Encodable>) {
        guard CommandLine.arguments.contains("--json") else { return }
        _ = write(JSONLine(event: "error", members).text + "\n", to: STDOUT_FILENO)
    }

    /// Writes all of a text at once.
    ///
    /// - Returns: the system's number for what went wrong; `nil` if nothing did.
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
        }
        return nil
    }

    private static var terminalWidth: Int? {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? min(max(Int(size.ws_col), 60), 120) : nil
    }
}
