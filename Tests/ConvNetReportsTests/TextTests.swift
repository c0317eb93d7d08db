import ConvNetReports
import Testing

@Suite struct TextTests {
    @Test func numbersAreFixed() {
        #expect(fixed(0.125, decimals: 2) == "0.12")
        #expect(fixed(-0.001, decimals: 2) == "0.00")
        #expect(fixed(-1.5, decimals: 0) == "-2")
        #expect(fixed(.nan, decimals: 2) == "NaN")
        #expect(coordinate(12.50) == "12.5")
        #expect(coordinate(100) == "100")
        #expect(coordinate(-0.001) == "0")
        #expect(coordinate(.infinity) == "0")
        #expect(grouped(0) == "0")
        #expect(grouped(999) == "999")
        #expect(grouped(1000) == "1,000")
        #expect(grouped(-1_234_567) == "-1,234,567")
        #expect(percentNumber(1) == "100")
        #expect(percentNumber(0.9999) == "99.9")
        #expect(percentNumber(0.5) == "50.0")
        #expect(percentNumber(nil) == "-")
    }

    @Test func columnsOfATerminal() {
        #expect("abc".columns == 3)
        #expect("数字".columns == 4)
        #expect("e\u{301}".columns == 1)
        #expect("🙂".columns == 2)
        #expect("✓●░⣿".columns == 4)
        #expect("abcdef".cut(toColumns: 4) == "abc…")
        #expect("abcd".cut(toColumns: 4) == "abcd")
        #expect("数字数".cut(toColumns: 4) == "数…")
        #expect("abc".cut(toColumns: 0) == "")
        #expect("ab".centered(in: 5) == " ab  ")
        #expect("ab".rightAligned(in: 4) == "  ab")
    }

    @Test func pixelsCutText() {
        #expect("short".cut(toPixels: 200, fontSize: 12) == "short")
        let cut = "a rather long text".cut(toPixels: 60, fontSize: 12)
        #expect(cut.hasSuffix("…") && cut.estimatedWidth(fontSize: 12) <= 60)
        #expect("text".cut(toPixels: 0, fontSize: 12) == "")
    }

    @Test func paletteOf256Colours() {
        #expect(ANSIColor.paletteIndex(red: 0, green: 0, blue: 0) == 16)
        #expect(ANSIColor.paletteIndex(red: 255, green: 255, blue: 255) == 231)
        #expect(ANSIColor.paletteIndex(red: 8, green: 8, blue: 8) == 232)
        #expect(ANSIColor.paletteIndex(red: 238, green: 238, blue: 238) == 255)
        #expect(ANSIColor.paletteIndex(red: 255, green: 0, blue: 0) == 196)
        #expect(ANSIColor.paletteIndex(red: 95, green: 135, blue: 215) == 68)
    }
}
