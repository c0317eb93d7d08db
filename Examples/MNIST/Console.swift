import ConvNetReports
import Foundation
import SwiftConvNet

/// Where a run's words go: results to standard output, progress and notes to standard error.
///
/// Output is written at once, line by line. Whatever happens to standard output, the run goes on; `finish` tells. A reader
/// that goes away (`mnist | head`) is no failure: what it does not read is dropped, files are written as ever, and the
/// exit code says how the work has ended.
final class Console {
    private enum Mode { case full, quiet, json }

    private let mode: Mode
    private var failure: (any Error)?
    private var isClosed = false

    /// The characters that standard output can show.
    let characters: TerminalCharacters
    /// Whether standard output shows colours.
    let isColored: Bool
    /// The width of tables in columns: the terminal's, within limits.
    let width: Int

    init(_ options: PrintingOptions) {
        mode = options.json ? .json : options.quiet ? .quiet : .full
        // A reader that goes away must not end the run, nor a server that hangs up a download.
        signal(SIGPIPE, SIG_IGN)
        characters = .current
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
        // https://no-color.org
        isColored = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
        width = isTerminal ? Self.terminalWidth ?? 80 : 100
    }

    /// Prints text for people, unless `--quiet` or `--json` leaves it out.
    func say(_ text: String) {
        if mode == .full { write(text) }
    }

    /// Prints a line that `--quiet` keeps.
    func conclude(_ line: String) {
        if mode != .json { write(line + "\n") }
    }

    /// Prints a line of `--json`.
    func emit(_ line: JSONLine) {
        if mode == .json { write(line.text + "\n") }
    }

    /// Prints images side by side, five in a row, below a line of text.
    func show(_ images: [CaptionedImage], title: String? = nil) {
        say("\n" + (title.map { $0 + "\n\n" } ?? "") + text(of: images) + "\n")
    }

    private func text(of images: [CaptionedImage]) -> String {
        let style: TerminalImage.Style = characters == .ascii ? .ascii : isColored ? .halfBlocks : .braille
        return TerminalImage(images, width: 80, style: style, isColored: isColored).text
    }

    /// What `fit` prints to standard error.
    var verbosity: Verbosity {
        switch mode {
        case .full: .automatic
        case .quiet: .silent
        case .json: isatty(STDERR_FILENO) == 1 ? .automatic : .silent
        }
    }

    /// Ends the run's output.
    ///
    /// - Throws: `ConvNetError` of kind `file` if some of it could not be written.
    func finish() throws {
        if let failure { throw failure }
    }

    /// Prints a line to standard error.
    static func note(_ line: String) {
        // There is nowhere to say that this failed.
        _ = write(line + "\n", to: STDERR_FILENO)
    }

    private func write(_ text: String) {
        guard failure == nil, !isClosed, let code = Self.write(text, to: STDOUT_FILENO) else { return }
        if code == EPIPE {
            isClosed = true
        } else {
            let reason = String(cString: strerror(code))
            failure = ConvNetError(.file, "Cannot write to standard output: \(reason)")
        }
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
        return isKnown ? min(max(Int(size.ws_col), 60), 100) : nil
    }
}
