import ConvNetReports
import Testing

@Suite struct TerminalImageTests {
    /// A diagonal from dark to bright, four by four.
    private var ramp: Bitmap {
        get throws { try Bitmap((0..<16).map { UInt8($0 % 4 * 85) }, width: 4, height: 4) }
    }

    @Test func exactTextOfEachStyle() throws {
        func text(_ style: TerminalImage.Style) throws -> String {
            TerminalImage([CaptionedImage(try ramp, caption: "ramp")], imageWidth: 4, style: style).text
        }
        #expect(try text(.ascii) == " -*@\n -*@\nramp\n")
        #expect(try text(.shades) == " ░▓█\n ░▓█\nramp\n")
        #expect(try text(.halfBlocks) == "  ██\n  ██\nramp\n")
        #expect(try text(.braille) == "  ⣿\nramp\n")
    }

    @Test func halfBlocksShowTwoRows() throws {
        let image = try Bitmap([255, 0, 255, 0, 0, 255, 255, 0], width: 4, height: 2)
        let item = CaptionedImage(image, caption: "")
        #expect(TerminalImage([item], imageWidth: 4, style: .halfBlocks).text == "▀▄█\n\n")
        let colored = TerminalImage([item], imageWidth: 4, style: .halfBlocks, isColored: true).text
        #expect(colored.hasPrefix("\u{1B}[38;5;231;48;5;16m▀\u{1B}[38;5;16;48;5;231m▀"))
        #expect(colored.contains("\u{1B}[0m"))
    }

    @Test(arguments: TerminalImage.Style.allCases, [Int.min, 20, 80])
    func linesFitTheWidth(style: TerminalImage.Style, width: Int) throws {
        let image = try Bitmap([UInt8](repeating: 255, count: 784), width: 28, height: 28)
        let items = (0..<7).map { CaptionedImage(image, caption: "a long caption \($0)\n99 %", mark: .right) }
        let text = TerminalImage(items, width: width, imageWidth: 12, style: style).text
        for line in text.split(separator: "\n") { #expect(String(line).columns <= max(width, 8)) }
        #expect(!text.contains("\u{1B}"))
        if style == .ascii { #expect(text.utf8.allSatisfy { $0 < 128 }) }
    }

    @Test func marksAreSymbols() throws {
        let items = try [Mark.right, .wrong].map { CaptionedImage(try ramp, caption: "7", mark: $0) }
        let text = TerminalImage(items, style: .shades).text
        #expect(text.contains("✓ 7") && text.contains("✗ 7"))
        let ascii = TerminalImage(items, style: .ascii).text
        #expect(ascii.contains("ok 7") && ascii.contains("WRONG 7"))
    }

    @Test func sideBySideWithCaptionsBelow() throws {
        let items = try ["a", "b", "c"].map { CaptionedImage(try ramp, caption: $0) }
        #expect(
            TerminalImage(items, width: 10, imageWidth: 4, style: .shades).text
                == " ░▓█   ░▓█\n ░▓█   ░▓█\n a     b\n\n ░▓█\n ░▓█\n c\n"
        )
        #expect(TerminalImage([]).text == "")
    }

    @Test func extremeSides() throws {
        let wide = try Bitmap([UInt8](repeating: 255, count: 4096), width: 4096, height: 1)
        let tall = try Bitmap([UInt8](repeating: 255, count: 4096), width: 1, height: 4096)
        for style in TerminalImage.Style.allCases {
            let text = TerminalImage(
                [CaptionedImage(wide, caption: "w"), CaptionedImage(tall, caption: "t")],
                imageWidth: .max,
                style: style
            ).text
            #expect(text.contains("w") && text.contains("t"))
        }
    }
}
