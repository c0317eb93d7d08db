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
        guard CommandLine.arguments.contains("--json") else { return }
        let line = JSONLine(
            event: "error",
            [
                "kind": error.kind.rawValue, "summary": error.summary, "location": error.location,
                "expected": error.expected, "received": error.received, "remedy": error.remedy,
                "exit_code": ToolExit(error).rawValue,
            ]
        )
        _ = write(line.text + "\n", to: STDOUT_FILENO)
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
