import Foundation

/// Which characters a terminal may be sent.
public enum TerminalCharacters: String, Sendable, Hashable, CaseIterable {
    /// Unicode: Braille dots, block elements, box drawing.
    case unicode
    /// ASCII alone, for terminals and logs that show nothing else.
    case ascii
}

extension TerminalCharacters {
    /// What the locale of the process can show: Unicode if its encoding is UTF-8, else ASCII.
    ///
    /// The locale is the first of the environment variables `LC_ALL`, `LC_CTYPE` and `LANG` that is not empty (POSIX,
    /// section 8.2). Where none is set, as in many containers, Unicode is the better guess.
    public static var current: TerminalCharacters {
        TerminalCharacters { name in getenv(name).map { String(cString: $0) } }
    }

    /// What a locale can show.
    ///
    /// - Parameter variable: the value of an environment variable, if it is set.
    package init(variable: (String) -> String?) {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
        let isUTF8 = locale.map { $0.uppercased().replacing("-", with: "").contains("UTF8") } ?? true
        self = isUTF8 ? .unicode : .ascii
    }

    /// The text with these characters: for ASCII, the lines and signs that this library writes become such as look
    /// similar. Other characters, those of a user's names say, stay.
    package func shown(_ text: String) -> String {
        self == .unicode ? text : text.reduce(into: "") { $0 += Self.substitutes[$1] ?? String($1) }
    }

    private static let substitutes: [Character: String] = {
        var substitutes: [Character: String] = [
            "━": "=", "─": "-", "╌": ".", "┃": "|", "│": "|", "×": "x", "µ": "u", "·": "*", "…": "...",
        ]
        for corner in "┏┳┓┡╇┩├┼┤└┴┘" { substitutes[corner] = "+" }
        return substitutes
    }()
}
