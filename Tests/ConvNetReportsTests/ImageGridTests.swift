import ConvNetReports
import Foundation
import SwiftConvNet
import Testing

@Suite struct ImageGridTests {
    private func image(_ value: UInt8) throws -> Bitmap {
        try Bitmap([UInt8](repeating: value, count: 784), width: 28, height: 28)
    }

    @Test func imagesAreEmbedded() throws {
        let images = try (0..<10).map {
            CaptionedImage(try image(UInt8($0 * 20)), caption: "\($0)\n99.\($0) %")
        }
        let text = ImageGrid(title: "Samples", images: images).svg()
        #expect(text.utf8.count < 100_000)
        let svg = try SVGInspector(text)
        let embedded = svg.all("image")
        #expect(embedded.count == 10)
        for (place, element) in embedded.enumerated() {
            let uri = try #require(element["href"])
            let data = try #require(
                Data(base64Encoded: String(uri.dropFirst("data:image/png;base64,".count)))
            )
            #expect(try StoredPNG([UInt8](data)).bytes == images[place].image.bytes)
        }
        for index in 0..<10 { #expect(svg.texts.contains("\(index)") && svg.texts.contains("99.\(index) %")) }
        // Two rows of five.
        #expect(Set(embedded.map { $0["x"] }).count == 5 && Set(embedded.map { $0["y"] }).count == 2)
    }

    @Test func rightAndWrongDifferByMoreThanColour() throws {
        let right = CaptionedImage(try image(0), caption: "1", mark: Mark(predicted: 1, expected: 1))
        let wrong = CaptionedImage(try image(0), caption: "2, truly 7", mark: Mark(predicted: 2, expected: 7))
        let svg = try SVGInspector(ImageGrid(title: "", images: [right, wrong]).svg(theme: .light))
        let borders = svg.all("rect").filter { $0["fill"] == "none" }
        #expect(borders.count == 2)
        #expect(borders[0]["stroke-dasharray"] == nil && borders[1]["stroke-dasharray"] == "9 5")
        #expect(borders[0]["stroke-width"] == "2" && borders[1]["stroke-width"] == "4")
        let symbols = svg.all("path").filter { $0["fill"] == "none" }.compactMap { $0["d"] }
        #expect(symbols.map { $0.filter { $0 == "M" }.count } == [1, 2, 1, 2])
        #expect(svg.texts.contains("1 right") && svg.texts.contains("1 wrong"))
        #expect(svg.titles.contains("2, truly 7 (wrong)") && svg.titles.contains("1 (right)"))
    }

    @Test func oddInput() throws {
        #expect(try SVGInspector(ImageGrid(title: "None", images: []).svg()).texts == ["None", "no images"])
        let tall = try Bitmap([UInt8](repeating: 1, count: 4096), width: 1, height: 4096)
        for columns in [Int.min, 0, 1, Int.max] {
            for side in [Int.min, 0, 100, Int.max] {
                let grid = ImageGrid(
                    title: "<&>",
                    images: [
                        CaptionedImage(tall, caption: ""), CaptionedImage(tall, caption: "<\"'&\u{7}>"),
                    ],
                    columns: columns
                )
                let svg = try SVGInspector(grid.svg(imageSize: side))
                #expect(svg.texts.contains("<&>") && svg.titles.contains("<\"'& >"))
                #expect(svg.all("image").allSatisfy { (SVGInspector.number($0, "width") ?? 0) >= 1 })
            }
        }
    }

    @Test func sameInputSameBytes() throws {
        let grid = ImageGrid(title: "t", images: [CaptionedImage(try image(9), caption: "c", mark: .wrong)])
        #expect(Set((0..<10).map { _ in grid.svg() }).count == 1)
    }
}
