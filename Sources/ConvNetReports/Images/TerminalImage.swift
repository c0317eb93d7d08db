import SwiftConvNet

/// Images as text for a terminal, several side by side, each with its caption.
public struct TerminalImage: Sendable, Hashable {
    /// How pixels become characters.
    public enum Style: String, Sendable, Hashable, CaseIterable {
        /// Shades of grey, one character for a column and two rows: ` ░▒▓█`.
        case shades
        /// Black or white, two rows to a character: `▀▄█`; in colour, with all shades.
        case halfBlocks
        /// Black or white, two columns and four rows to a character: a digit of 28×28 is 14 columns wide.
        case braille
        /// Shades of grey in ASCII: ` .:-=+*#%@`.
        case ascii

        /// `braille`, or `ascii` where the locale of the process shows nothing else.
        public static var current: Style { TerminalCharacters.current == .ascii ? .ascii : .braille }
    }

    /// The images, from left to right and then from top to bottom.
    public var images: [CaptionedImage]
    /// The width of a line in columns; at least 8.
    public var width: Int
    /// The width of an image in columns; an image is never wider than its own pixels ask for.
    public var imageWidth: Int
    /// How pixels become characters. Bright pixels are the filled ones, as on a dark terminal.
    public var style: Style
    /// Whether ANSI escape sequences colour images and marks: only where the text goes to a terminal.
    public var isColored: Bool

    /// Images for a terminal.
    ///
    /// - Parameters:
    ///   - images: the images with their captions and marks.
    ///   - width: the width of a line in columns.
    ///   - imageWidth: the width of an image in columns.
    ///   - style: how pixels become characters; unless given, Braille, or ASCII if the locale shows nothing else.
    ///   - isColored: whether ANSI escape sequences are used; only for a terminal.
    public init(
        _ images: [CaptionedImage],
        width: Int = 80,
        imageWidth: Int = 14,
        style: Style = .current,
        isColored: Bool = false
    ) {
        self.images = images
        self.width = width
        self.imageWidth = imageWidth
        self.style = style
        self.isColored = isColored
    }

    /// The images as lines of text, each ended by a line feed; rows of images have an empty line between.
    public var text: String {
        let width = min(max(width, 8), 1000)
        let blocks = images.map { block(of: $0, width: min(max(imageWidth, 4), width)) }
        let gap = 2
        var rows: [[Block]] = []
        var used = 0
        for block in blocks {
            if !rows.isEmpty, used + gap + block.width <= width {
                rows[rows.count - 1].append(block)
                used += gap + block.width
            } else {
                rows.append([block])
                used = block.width
            }
        }
        return rows.map { row in
            let height = row.map { $0.picture.count }.max() ?? 0
            let captions = row.map(\.captions.count).max() ?? 0
            let lines = (0..<(height + captions)).map { line in
                row.map { block in
                    let place = line - (line < height ? height - block.picture.count : height)
                    let part = line < height ? block.picture : block.captions
                    return part.indices.contains(place)
                        ? part[place] : String(repeating: " ", count: block.width)
                }.joined(separator: String(repeating: " ", count: gap)).withoutTrailingSpaces + "\n"
            }
            return lines.joined()
        }.joined(separator: "\n")
    }

    /// An image and its caption, all lines equally wide.
    private struct Block {
        var width: Int
        var picture: [String]
        var captions: [String]
    }

    private func block(of item: CaptionedImage, width limit: Int) -> Block {
        let picture = rendered(item.image, width: limit)
        let characters: TerminalCharacters = style == .ascii ? .ascii : .unicode
        var lines = item.captionLines
        if let mark = item.mark {
            let first = lines.isEmpty ? "" : lines.removeFirst()
            lines.insert(
                first.isEmpty ? mark.symbol(characters) : "\(mark.symbol(characters)) \(first)",
                at: 0
            )
        }
        let ellipsis = characters == .ascii ? "..." : "…"
        let captions = lines.enumerated().map { place, line in
            let text = line.cut(toColumns: limit, ellipsis: ellipsis).centered(in: limit)
            guard place == 0, isColored, let mark = item.mark else { return text }
            return ANSIColor.paint(text, series: mark == .right ? 0 : 1)
        }
        return Block(width: limit, picture: picture, captions: captions)
    }

    /// The lines of an image, centred in `limit` columns.
    private func rendered(_ image: Bitmap, width limit: Int) -> [String] {
        // A cell is about twice as high as wide, so a column and half a row are one square.
        let dots = style == .braille ? 2 : 1
        let columns = min(limit, (image.width + dots - 1) / dots)
        let tall = Double(columns * image.height) / Double(image.width) / 2
        let rows = min(max(Int(tall.rounded(.up)), 1), 500)
        let left = (limit - columns) / 2
        let (before, behind) = (
            String(repeating: " ", count: left), String(repeating: " ", count: limit - columns - left)
        )
        let lines: [String]
        switch style {
        case .braille: lines = braille(image, columns: columns, rows: rows)
        case .halfBlocks: lines = halfBlocks(image.resized(width: columns, height: 2 * rows))
        case .shades: lines = shades(image.resized(width: columns, height: rows), ramp: Array(" ░▒▓█"))
        case .ascii: lines = shades(image.resized(width: columns, height: rows), ramp: Array(" .:-=+*#%@"))
        }
        return lines.map { before + $0 + behind }
    }

    private func shades(_ image: Bitmap, ramp: [Character]) -> [String] {
        (0..<image.height).map { y in
            String(
                (0..<image.width).map { x in
                    ramp[Int((image.brightness(x: x, y: y) * Double(ramp.count - 1)).rounded())]
                }
            )
        }
    }

    private func braille(_ image: Bitmap, columns: Int, rows: Int) -> [String] {
        let dots = image.resized(width: 2 * columns, height: 4 * rows)
        var canvas = BrailleCanvas(columns: columns, rows: rows)
        for y in 0..<dots.height {
            for x in 0..<dots.width where dots.brightness(x: x, y: y) >= 0.5 { canvas.set(x: x, y: y) }
        }
        return (0..<rows).map { row in
            String((0..<columns).map { canvas.character(column: $0, row: row) ?? " " })
        }
    }

    private func halfBlocks(_ image: Bitmap) -> [String] {
        (0..<(image.height / 2)).map { row in
            if isColored {
                return (0..<image.width).map { x in
                    "\u{1B}[38;5;\(code(image, x, 2 * row));48;5;\(code(image, x, 2 * row + 1))m▀"
                }.joined() + "\u{1B}[0m"
            }
            return String(
                (0..<image.width).map { x in
                    let upper = image.brightness(x: x, y: 2 * row) >= 0.5
                    let lower = image.brightness(x: x, y: 2 * row + 1) >= 0.5
                    return upper ? (lower ? "█" : "▀") : lower ? "▄" : " "
                }
            )
        }
    }

    private func code(_ image: Bitmap, _ x: Int, _ y: Int) -> Int {
        let place = (y * image.width + x) * image.channels
        let last = image.channels - 1
        return ANSIColor.paletteIndex(
            red: image.bytes[place],
            green: image.bytes[place + min(1, last)],
            blue: image.bytes[place + last]
        )
    }
}

extension TerminalImage: CustomStringConvertible {
    /// The same as `text`.
    public var description: String { text }
}
