import ConvNetReports
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Pictures of pixels")
struct RasterTests {
    private static let black = ThemedColor("black", light: RGBColor(0), dark: RGBColor(0))

    /// A picture of white pixels and what is drawn on it.
    private func image(
        _ width: Double = 20,
        _ height: Double = 10,
        scale: Double = 1,
        _ draw: (inout Canvas) -> Void
    ) throws -> PNGImage {
        var canvas = Canvas(theme: .light)
        draw(&canvas)
        let picture = Picture(canvas: canvas, width: width, height: height, title: "", description: "")
        return try PNGImage(picture.png(scale: scale))
    }

    /// How dark the pixels are together: 1 for each black one.
    private func ink(_ image: PNGImage) -> Double {
        image.bytes.reduce(0) { $0 + (255 - Double($1)) / 255 } / 3
    }

    @Test(
        "runs of every length, and what has none, are what zlib reads",
        arguments: [0, 1, 3, 143, 144, 255]
    )
    func runs(_ byte: UInt8) throws {
        var data = noise(1000, seed: UInt32(byte) + 1)
        for length in 0...600 { data += Array(repeating: byte, count: length) + [byte ^ 1] }
        #expect(inflated(ZlibStream.runs(of: data)) == data)
        #expect(inflated(ZlibStream.runs(of: [])) == [])
        #expect(inflated(ZlibStream.stored(data)) == data)
        // A run of 258 copies takes two bytes.
        #expect(ZlibStream.runs(of: Array(repeating: byte, count: 100_000)).count < 900)
    }

    @Test("a rectangle covers its pixels, and shares of those that it cuts")
    func rectangles() throws {
        let whole = try image { $0.rectangle(Frame(x: 2, y: 3, width: 4, height: 5), fill: Self.black) }
        #expect((whole.width, whole.height) == (20, 10))
        #expect(whole.count(of: RGBColor(0)) == 20 && whole.count(of: RGBColor(0xFFFFFF)) == 180)
        #expect(whole.pixel(2, 3) == [0, 0, 0] && whole.pixel(1, 3) == [255, 255, 255])
        let part = try image { $0.rectangle(Frame(x: 2.5, y: 3, width: 4, height: 5.25), fill: Self.black) }
        #expect(part.pixel(2, 3) == [128, 128, 128] && part.pixel(3, 8) == [191, 191, 191])
        // Each pixel is rounded to 1/255.
        #expect(abs(ink(part) - 21) < 0.1)
        let round = try image {
            $0.rectangle(Frame(x: 2, y: 1, width: 8, height: 8), fill: Self.black, radius: 4)
        }
        #expect(abs(ink(round) - Double.pi * 16) < 1)
        let edge = try image {
            $0.rectangle(Frame(x: 2.5, y: 2.5, width: 10, height: 5), fill: nil, stroke: Stroke(Self.black))
        }
        #expect(edge.pixel(2, 4) == [0, 0, 0] && edge.pixel(5, 4) == [255, 255, 255])
        // What lies beyond the picture is cut off.
        let beyond = try image {
            $0.rectangle(Frame(x: -5, y: -5, width: 6, height: 100), fill: Self.black)
            $0.line(-1e9, 5.5, 1e9, 5.5, Stroke(Self.black))
            $0.rectangle(Frame(x: .nan, y: 0, width: 5, height: 5), fill: Self.black)
        }
        #expect(beyond.count(of: RGBColor(0)) == 10 + 19)
    }

    @Test("paths are filled, and lines have their width, their dashes and smooth edges")
    func paths() throws {
        let disc = try image(scale: 3) {
            var path = PathText()
            path.circle(x: 10, y: 5, radius: 4)
            $0.path(path, fill: Self.black)
        }
        #expect((disc.width, disc.height) == (60, 30))
        #expect(abs(ink(disc) - Double.pi * 144) < 4)
        #expect(disc.pixel(30, 15) == [0, 0, 0])
        let line = try image { $0.line(2, 5, 18, 5, Stroke(Self.black, width: 2)) }
        #expect(line.count(of: RGBColor(0)) == 32)
        let slanted = try image { $0.line(2, 1, 18, 9, Stroke(Self.black, width: 2)) }
        let length = (16.0 * 16 + 8 * 8).squareRoot()
        #expect(abs(ink(slanted) - 2 * length) < 1)
        #expect(slanted.count(of: RGBColor(0)) < 40)
        let dashed = try image { $0.line(0, 5, 20, 5, Stroke(Self.black, width: 2, dashes: [4, 4])) }
        #expect(dashed.pixel(1, 5) == [0, 0, 0] && dashed.pixel(6, 5) == [255, 255, 255])
        #expect(abs(ink(dashed) - 24) < 1)
        // A pixel where a line crosses itself is as dark as elsewhere.
        let grey = ThemedColor("grey", light: RGBColor(0x808080), dark: RGBColor(0))
        let crossed = try image {
            var path = PathText()
            path.move(2, 2)
            path.line(18, 8)
            path.line(18, 2)
            path.line(2, 8)
            $0.path(path, stroke: Stroke(grey, width: 3, isRounded: true))
        }
        #expect(crossed.bytes.min() == 0x80)
    }

    @Test("every character of ASCII has a shape of its own, within the width that layouts count with")
    func font() throws {
        var seen: Set<[UInt8]> = []
        let characters = (33...126).map { Character(Unicode.Scalar(UInt8($0))) } + Array("…—×±°")
        for character in characters {
            let text = String(character)
            let width = StrokeFont.width(of: StrokeFont.glyphs(of: text))
            // What is a little wider than its estimate has narrower neighbours: words are tested below.
            #expect(width <= text.estimatedWidth(fontSize: 1) + 0.2, "\(text): \(width)")
            let drawn = try image(24, 32, scale: 2) { $0.text(text, x: 6, y: 24, size: 20) }
            #expect(ink(drawn) > 10, "\(text)")
            // Nothing is cut off.
            for x in 0..<48 { #expect(drawn.pixel(x, 0) == [255, 255, 255], "\(text)") }
            seen.insert(drawn.bytes)
        }
        // An en dash would be a minus; these are all different.
        #expect(seen.count == characters.count)
        for word in ["validation", "Accuracy", "epoch", "0.0125", "98.5 %", "training", "1,000", "ROC curve"]
        {
            let width = StrokeFont.width(of: StrokeFont.glyphs(of: word))
            #expect(width <= word.estimatedWidth(fontSize: 1), "\(word): \(width)")
        }
        func same(_ a: String, _ b: String) throws -> Bool {
            try image(80, 32) { $0.text(a, x: 2, y: 24, size: 20) }.bytes
                == image(80, 32) { $0.text(b, x: 2, y: 24, size: 20) }.bytes
        }
        #expect(try same("Größe", "Große") || same("é", "e"))
        #expect(try same("漢", "字") && !same("漢", "A"))
    }

    @Test("text stands where its anchor says, and is turned")
    func anchors() throws {
        func columns(_ anchor: TextAnchor, degrees: Double = 0) throws -> (
            first: Int, last: Int, rows: Set<Int>
        ) {
            let drawn = try image(100, 100) {
                $0.text("HHHH", x: 50, y: 50, size: 20, anchor: anchor, turnedBy: degrees)
            }
            var xs: Set<Int> = [], ys: Set<Int> = []
            for y in 0..<100 {
                for x in 0..<100 where drawn.pixel(x, y)[0] < 128 {
                    xs.insert(x)
                    ys.insert(y)
                }
            }
            return (xs.min() ?? -1, xs.max() ?? -1, ys)
        }
        #expect(try columns(.start).first >= 49 && columns(.end).last <= 50)
        let middle = try columns(.middle)
        #expect(abs(middle.first + middle.last - 98) <= 4)
        // From the baseline to the height of capitals.
        #expect(middle.rows.min() ?? 0 >= 34 && middle.rows.max() ?? 0 <= 51)
        let turned = try columns(.start, degrees: -90)
        #expect(turned.last <= 51 && turned.rows.max() ?? 0 <= 51 && turned.rows.count > 40)
    }

    @Test("an image is drawn with its pixels as squares")
    func images() throws {
        let bitmap = try Bitmap([0, 255, 255, 0], width: 2, height: 2)
        let drawn = try image(8, 8) { $0.image(bitmap, in: Frame(x: 0, y: 0, width: 8, height: 8)) }
        #expect(drawn.count(of: RGBColor(0)) == 32)
        #expect(drawn.pixel(3, 3) == [0, 0, 0] && drawn.pixel(4, 3) == [255, 255, 255])
        let grid = ImageGrid(title: "Two", images: [CaptionedImage(bitmap, caption: "a")])
        #expect(try PNGImage(grid.png(scale: 1)).count(of: RGBColor(0)) > 1000)
    }

    @Test("charts and matrices have their colours, light or dark, at any scale")
    func charts() throws {
        let chart = LineChart(
            title: "Loss",
            xAxis: "epoch",
            yAxis: "loss",
            series: [
                .init("training", values: [0.9, 0.5, 0.3]), .init("validation", values: [0.8, 0.6, 0.5]),
            ]
        )
        let file = chart.png(width: 480, height: 320), light = try PNGImage(file)
        #expect(file.count < 200_000)
        #expect((light.width, light.height) == (960, 640))
        #expect(light.pixel(0, 0) == [255, 255, 255])
        for color in ThemedColor.series.prefix(2) { #expect(light.count(of: color.light) > 1000) }
        #expect(light.count(of: ThemedColor.ink.light) > 200)
        let small = chart.png(width: 480, height: 320, scale: 1, theme: .dark)
        #expect(small == chart.png(width: 480, height: 320, scale: 1, theme: .dark))
        let dark = try PNGImage(small)
        #expect((dark.width, dark.height) == (480, 320))
        #expect(dark.count(of: ThemedColor.background.dark) > 100_000)
        #expect(dark.count(of: ThemedColor.series[0].dark) > 200)
        let bars = BarChart(
            title: "Recall",
            valueAxis: "recall",
            categories: ["a", "b"],
            series: [.init("first", values: [0.5, 0.75])]
        )
        #expect(try PNGImage(bars.png(scale: 1)).count(of: ThemedColor.series[0].light) > 1000)
        let matrix = try ConfusionMatrix(labels: [0, 1, 1], predictions: [0, 1, 0], classNames: ["a", "b"])
        #expect(try PNGImage(matrix.png(scale: 1)).count(of: ThemedColor.right.light) > 100)
        let model = try Sequential(inputShape: [2], layers: [Dense(units: 2)])
        #expect(try PNGImage(ModelDiagram(model).png(scale: 1)).count(of: ThemedColor.right.light) > 100)
    }
}
