import Foundation

/// Standard error, as far as progress needs it.
package enum StandardError {
    /// Whether it is a terminal.
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// How many characters fit a line of the terminal; `nil` if it is none.
    package static var columns: Int? {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes text at once. If nobody reads any more the text is lost, and training goes on.
    package static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = SystemWrite.some(rest, to: STDERR_FILENO)
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
