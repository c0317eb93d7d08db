/// Which characters a terminal may be sent.
public enum TerminalCharacters: String, Sendable, Hashable, CaseIterable {
    /// Unicode: Braille dots, block elements, box drawing.
    case unicode
    /// ASCII alone, for terminals and logs that show nothing else.
    case ascii
}
