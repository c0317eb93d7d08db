import Foundation

/// Letters of strokes, for pictures of pixels: no font has to be installed, and every machine draws the same.
///
/// It has the characters of ASCII and some more; letters with accents are drawn without, all else as a box.
package enum StrokeFont {
    /// A character: lines in units of `unit` for a font size of 1, with `y` upwards from the baseline.
    package struct Glyph: Sendable {
        package let lines: [PathText.Line]
        /// From its left edge to that of the next one.
        package let advance: Double
    }

    /// The width of a stroke for a font size of 1.
    static func thickness(bold: Bool) -> Double { bold ? 0.15 : 0.1 }

    /// The glyphs of a text.
    package static func glyphs(of text: String) -> [Glyph] {
        text.compactMap { character in
            if let glyph = glyphs[character] { return glyph }
            // A letter without its accents; what joins others or is invisible is left out.
            let plain = String(character).folding(options: .diacriticInsensitive, locale: nil)
            if let letter = plain.first, let glyph = glyphs[letter] { return glyph }
            return character.columns == 0 ? nil : box
        }
    }

    /// The width of a text for a font size of 1.
    package static func width(of glyphs: [Glyph]) -> Double { glyphs.reduce(0) { $0 + $1.advance } }

    // MARK: Shapes

    /// Columns and rows of the grid on which the shapes below are, for a font size of 1: descenders reach row 0, the baseline is row
    /// 2, small letters reach row 7, capitals row 9.
    private static let column = 0.085, row = 0.1, baseline = 2.0, gap = 0.19

    private static let box = glyph("0242490902")

    private static let glyphs: [Character: Glyph] = {
        var glyphs = shapes.mapValues { glyph($0) }
        glyphs[" "] = Glyph(lines: [], advance: 0.32)
        glyphs["\u{A0}"] = glyphs[" "]
        return glyphs
    }()

    /// A glyph from lines of points, two digits each, column and row. `~` begins a line that is rounded at its corners; a line that
    /// ends where it began is closed.
    private static func glyph(_ text: String) -> Glyph {
        var widest = 0
        let lines = text.split(separator: " ").map { part in
            let digits = part.compactMap(\.wholeNumberValue)
            var points = stride(from: 0, to: digits.count - 1, by: 2).map { place in
                widest = max(widest, digits[place])
                return (
                    x: Double(digits[place]) * column, y: (Double(digits[place + 1]) - baseline) * row
                )
            }
            let isClosed =
                points.count > 2 && points[0].x == points[points.count - 1].x
                && points[0].y == points[points.count - 1].y
            if isClosed { points.removeLast() }
            var line = PathText.Line(points: points, isClosed: isClosed)
            if part.hasPrefix("~") { for _ in 0..<3 { line = rounded(line) } }
            return line
        }
        return Glyph(lines: lines, advance: Double(widest) * column + gap)
    }

    /// A line with each corner cut off at quarters of its sides: again and again, it becomes a quadratic B-spline.
    ///
    /// Source: G. Chaikin, "An algorithm for high-speed curve generation" (1974).
    private static func rounded(_ line: PathText.Line) -> PathText.Line {
        let points = line.points
        guard points.count > 2 else { return line }
        func between(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double), _ share: Double) -> (
            x: Double, y: Double
        ) { (a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share) }
        var result: [(x: Double, y: Double)] = []
        let sides = line.isClosed ? points.count : points.count - 1
        if !line.isClosed { result.append(points[0]) }
        for side in 0..<sides {
            let (a, b) = (points[side], points[(side + 1) % points.count])
            // The ends of an open line stay.
            if line.isClosed || side > 0 { result.append(between(a, b, 0.25)) }
            if line.isClosed || side < sides - 1 { result.append(between(a, b, 0.75)) }
        }
        if !line.isClosed { result.append(points[points.count - 1]) }
        return PathText.Line(points: result, isClosed: line.isClosed)
    }

    private static let shapes: [Character: String] = [
        "0": "~0242490902", "1": "072922 0242", "2": "~0709494602 0242", "3": "~0809494616 ~1646420203",
        "4": "32390444", "5": "490906 ~0646420203", "6": "~0242460602 ~040939", "7": "094912",
        "8": "~0646490906 ~0242460602", "9": "~0545490905 ~474212",
        "A": "023962 1454", "B": "0209 ~09494606 ~06565202", "C": "~585909025253", "D": "0209 ~09595202",
        "E": "59090252 0646", "F": "590902 0646", "G": "~585909025255 5535", "H": "0209 5259 0656",
        "I": "0209", "J": "~49420204", "K": "0209 5904 2652", "L": "090252", "M": "0209346962",
        "N": "02095259", "O": "~0262690902", "P": "0209 ~09595505", "Q": "~0262690902 4461",
        "R": "0209 ~09595505 2552", "S": "~5859090655520203", "T": "0969 3932", "U": "~09025259",
        "V": "093269", "W": "0922476289", "X": "0259 0952", "Y": "093669 3632", "Z": "09590252",
        "a": "~0242470702 4742", "b": "0209 ~0242470702", "c": "~464707024243", "d": "4249 ~0242470702",
        "e": "0545 ~454707024243", "f": "~391912 0737", "g": "~0242470702 ~47400001",
        "h": "0209 ~05074742", "i": "0207 0909", "j": "~272000 2929", "k": "0209 4704 1542", "l": "~090222",
        "m": "0207 ~05073732 ~35376762", "n": "0207 ~05074742", "o": "~0242470702",
        "p": "0007 ~0242470702", "q": "4047 ~0242470702", "r": "0207 ~050737", "s": "~4647070544420203",
        "t": "~191232 0737", "u": "~07024244 4742", "v": "072247", "w": "0712365267", "x": "0247 0742",
        "y": "0722 4710", "z": "07470242",
        ".": "0202", ",": "1312 1201", ":": "0202 0606", ";": "1616 1312 1201", "!": "0904 0202",
        "?": "~080949462624 2222", "-": "0535", "_": "0141", "+": "0545 2327", "=": "0444 0646",
        "/": "0139", "\\": "0931", "(": "~29070321", ")": "~09272301", "[": "29090121", "]": "09292101",
        "{": "29191605141121", "}": "09191625141101", "<": "470543", ">": "074503",
        "*": "2824 0745 0547", "'": "0907", "\"": "0907 2927", "#": "1218 3238 0444 0646",
        "%": "~0727290907 ~4262644442 0269", "&": "~521719393705023255",
        "@": "~2444462624 ~46446469090252", "$": "~5859090655520203 2921", "^": "072947",
        "~": "~04163446", "|": "0009", "`": "0918",
        "…": "0202 2222 4242", "—": "0565", "–": "0545", "−": "0545", "×": "0347 0743", "·": "0505",
        "°": "~0727290907", "±": "0747 2529 0343",
    ]
}
