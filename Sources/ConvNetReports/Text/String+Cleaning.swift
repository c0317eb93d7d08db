extension String {
    /// The text on one line, without anything that would steer a terminal or break XML: control
    /// characters, which include the start of escape sequences, and marks that turn the direction of writing.
    package var onOneLine: String {
        var cleaned = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: cleaned.append(" ")
            case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF: continue
            default: cleaned.append(scalar)
            }
        }
        return String(cleaned)
    }

    /// The text on one line, as the content of an XML element or of an attribute.
    package var escapedForXML: String {
        var escaped = ""
        for character in onOneLine.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
