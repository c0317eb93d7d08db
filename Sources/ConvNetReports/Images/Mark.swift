import SwiftConvNet

/// Whether a prediction is right.
public enum Mark: String, Sendable, Hashable, CaseIterable {
    /// The predicted class is the true one: a tick and a plain border.
    case right
    /// It is another: a cross and a thick dashed border.
    case wrong

    /// `right` if the two are equal, `wrong` if not.
    public init<Value: Equatable>(predicted: Value, expected: Value) {
        self = predicted == expected ? .right : .wrong
    }

    package var color: ThemedColor { self == .right ? .right : .wrong }

    /// The mark in a terminal.
    package func symbol(_ characters: TerminalCharacters) -> String {
        switch (self, characters) {
        case (.right, .unicode): "✓"
        case (.wrong, .unicode): "✗"
        case (.right, .ascii): "ok"
        case (.wrong, .ascii): "WRONG"
        }
    }

    /// The mark as lines of a path around a point. Drawn, for not every font has the characters.
    package func symbolPath(x: Double, y: Double, radius r: Double) -> PathText {
        var path = PathText()
        switch self {
        case .right:
            path.move(x - r, y)
            path.line(x - r * 0.25, y + r * 0.7)
            path.line(x + r, y - r * 0.75)
        case .wrong:
            path.move(x - r * 0.8, y - r * 0.8)
            path.line(x + r * 0.8, y + r * 0.8)
            path.move(x - r * 0.8, y + r * 0.8)
            path.line(x + r * 0.8, y - r * 0.8)
        }
        return path
    }
}
