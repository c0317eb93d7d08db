extension String {
    /// The estimated width in pixels at a font size, a little on the wide side.
    ///
    /// An SVG picture is laid out before its font is known, so the widths are those of DejaVu Sans, one of
    /// the widest common fonts: what fits in it fits in the others.
    package func estimatedWidth(fontSize: Double, bold: Bool = false) -> Double {
        fontSize * (bold ? 1.12 : 1)
            * reduce(0) { width, character in
                switch character {
                case "i", "j", "l", "'", "|": return width + 0.3
                case "I", " ", ".", ",", ":", ";", "!", "f", "t", "r", "(", ")", "-", "/": return width + 0.4
                case "m", "w", "M", "W", "@", "%", "…", "—": return width + 1
                case "A"..."Z": return width + 0.76
                default: return width + (character.columns == 2 ? 1.1 : character.columns == 0 ? 0 : 0.64)
                }
            }
    }

    /// The text cut to at most `width` pixels, an ellipsis at its end if something was cut.
    package func cut(toPixels width: Double, fontSize: Double, bold: Bool = false) -> String {
        guard estimatedWidth(fontSize: fontSize, bold: bold) > width else { return self }
        var kept = self
        while !kept.isEmpty, (kept + "…").estimatedWidth(fontSize: fontSize, bold: bold) > width {
            kept.removeLast()
        }
        return kept.isEmpty ? "" : kept + "…"
    }
}
