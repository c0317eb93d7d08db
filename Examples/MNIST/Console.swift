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
    private let output = FileWriter(descriptor: STDOUT_FILENO, path: "standard output")
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
        let error = FileWriter(descriptor: STDERR_FILENO, path: "standard error")
        // There is nowhere to say that this failed.
        try? error.write(line + "\n")
        try? error.flush()
    }

    private func write(_ text: String) {
        guard failure == nil, !isClosed else { return }
        do {
            try output.write(text)
            try output.flush()
        } catch {
            if output.lastErrorCode == EPIPE { isClosed = true } else { failure = error }
        }
    }

    private static var terminalWidth: Int? {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? min(max(Int(size.ws_col), 60), 100) : nil
    }
}
