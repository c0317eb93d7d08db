extension Character {
    /// The columns that the character takes in a terminal: 0, 1 or 2.
    ///
    /// The wide ranges are those of Unicode's East Asian Width (UAX #11) W and F, and the emoji.
    package var columns: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if unicodeScalars.contains("\u{FE0F}") { return 2 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }
}

extension String {
    /// The columns that the text takes in a terminal.
    package var columns: Int { reduce(0) { $0 + $1.columns } }

    /// The text cut to at most `width` columns, an ellipsis at its end if something was cut.
    package func cut(toColumns width: Int, ellipsis: String = "…") -> String {
        guard columns > width else { return self }
        guard width > ellipsis.columns else { return String(repeating: ".", count: max(width, 0)) }
        var kept = ""
        var used = ellipsis.columns
        for character in self {
            used += character.columns
            if used > width { break }
            kept.append(character)
        }
        return kept + ellipsis
    }

    /// The text with spaces behind it, up to `width` columns.
    package func leftAligned(in width: Int) -> String {
        self + String(repeating: " ", count: max(width - columns, 0))
    }

    /// The text with spaces before it, up to `width` columns.
    package func rightAligned(in width: Int) -> String {
        String(repeating: " ", count: max(width - columns, 0)) + self
    }

    /// The text with spaces around it, up to `width` columns; the odd one behind.
    package func centered(in width: Int) -> String {
        (String(repeating: " ", count: max(width - columns, 0) / 2) + self).leftAligned(in: width)
    }

    /// The text without spaces at its end.
    package var withoutTrailingSpaces: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
