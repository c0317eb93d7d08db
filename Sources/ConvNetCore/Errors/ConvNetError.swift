import Foundation

/// What went wrong, where, what was expected, what was received, and how to mend it.
///
/// Everything that a user, a file or the environment can cause is thrown as a `ConvNetError`. Tests and
/// programs tell errors apart by `kind`; people read `description`.
public struct ConvNetError: Error, Sendable, Hashable {
    /// The family of an error, for programs.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A shape does not fit: of a layer's input, of data, of weights.
        case shape
        /// An argument is out of its range.
        case argument
        /// Samples, labels or weights hold something they must not: no samples, a label out of range, NaN.
        case data
        /// The content of a file is not what its format demands.
        case format
        /// The file system refused: missing, unreadable, unwritable, full.
        case file
        /// A download failed.
        case network
        /// A call came in the wrong state: `fit` before `compile`, say.
        case state
        /// A loss or a gradient is not finite.
        case numeric
        /// The machine or its libraries lack something.
        case environment
    }

    /// The family of the error.
    public var kind: Kind
    /// What happened, as a sentence without its full stop.
    public var summary: String
    /// Where: a layer's place and name, a file and its byte offset, an argument's name.
    public var location: String?
    /// What would have been right.
    public var expected: String?
    /// What was there instead.
    public var received: String?
    /// What to do about it.
    public var remedy: String?

    /// Makes an error; see the properties for the meaning of each part.
    public init(
        _ kind: Kind,
        _ summary: String,
        at location: String? = nil,
        expected: String? = nil,
        received: String? = nil,
        remedy: String? = nil
    ) {
        self.kind = kind
        self.summary = summary
        self.location = location
        self.expected = expected
        self.received = received
        self.remedy = remedy
    }

    /// The same error with a place in front of the one it names, as it travels outwards.
    public func located(at place: String) -> ConvNetError {
        var error = self
        error.location = location.map { "\(place), \($0)" } ?? place
        return error
    }
}

extension ConvNetError: CustomStringConvertible {
    public var description: String {
        var text = summary
        if let location { text += " (\(location))" }
        text += "."
        if let expected { text += " Expected: \(expected)." }
        if let received { text += " Received: \(received)." }
        if let remedy { text += " \(remedy)." }
        return text
    }
}

extension ConvNetError: LocalizedError {
    public var errorDescription: String? { description }
}

extension ConvNetError {
    /// The text of the C library's last error, for errors of kind `file`.
    package static func systemMessage(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
