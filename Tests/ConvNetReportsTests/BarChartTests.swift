import ConvNetReports
import SwiftConvNet
import Testing

@Suite struct BarChartTests {
    private let speeds = BarChart(
        title: "Training",
        valueAxis: "images/s",
        categories: ["batch 32", "batch 128"],
        series: [.init("1 worker", values: [2900, 3100]), .init("2 workers", values: [5400, 6000])]
    )

    private func bars(_ svg: SVGInspector) -> [[String: String]] { Array(svg.all("rect").dropFirst()) }

    @Test func allPartsArePresent() throws {
        let svg = try SVGInspector(speeds.svg())
        for text in ["Training", "images/s", "batch 32", "batch 128", "1 worker", "2 workers", "0", "6,000"] {
            #expect(svg.texts.contains(text), "\(text)")
        }
        #expect(svg.titles.contains("batch 32") && svg.titles.contains("batch 128"))
        #expect(svg.texts.filter { ["2,900", "3,100", "5,400", "6,000"].contains($0) }.count == 4)
    }

    @Test func lengthsAreInProportion() throws {
        let bars = try bars(SVGInspector(speeds.svg(theme: .light)))
        #expect(bars.count == 4)
        let widths = try bars.map { try #require(SVGInspector.number($0, "width")) }
        let starts = bars.map { SVGInspector.number($0, "x") }
        #expect(Set(starts).count == 1)
        for (width, value) in zip(widths, [2900, 5400, 3100, 6000.0]) {
            #expect(abs(width / widths[3] - value / 6000) < 0.001)
        }
        let tops = try bars.map { try #require(SVGInspector.number($0, "y")) }
        #expect(tops == tops.sorted())
    }

    @Test func seriesDifferByColourAndMarker() throws {
        let svg = try SVGInspector(speeds.svg(theme: .light))
        #expect(Set(bars(svg).map { $0["fill"] }).count == 2)
        let markers = svg.all("path").filter { $0["fill"] != "none" }
        // Each series once in the legend and twice in the chart; circles for the first, squares for the second.
        #expect(markers.count == 2 * 3)
        #expect(markers.filter { $0["d", default: ""].contains("a4 4") }.count == 3)
    }

    @Test func negativeBarsGoToTheLeft() throws {
        let chart = BarChart(
            title: "",
            valueAxis: "change",
            categories: ["a", "b"],
            series: [.init("s", values: [-5, 10])]
        )
        let bars = try bars(SVGInspector(chart.svg()))
        func number(_ index: Int, _ name: String) throws -> Double {
            try #require(SVGInspector.number(bars[index], name))
        }
        let zero = try number(1, "x")
        #expect(abs(try number(0, "x") + number(0, "width") - zero) < 0.02)
        #expect(abs(try number(0, "width") * 2 - number(1, "width")) < 0.05)
    }

    @Test(
        "Values that make no bar still make a picture",
        arguments: [
            [], [.nan], [.infinity, 1], [0, 0], [1e300, 1], [.leastNonzeroMagnitude, 0], [1e150, -1e150],
            [3e7, 0.0004, 12.5, 1, 2],
        ] as [[Double]]
    )
    func odd(values: [Double]) throws {
        let chart = BarChart(
            title: "Odd",
            valueAxis: "",
            categories: ["a", "b", "c"],
            series: [.init("s", values: values)]
        )
        let text = chart.svg()
        let svg = try SVGInspector(text)
        #expect(!text.contains("nan") && !text.contains("inf\""))
        let drawable = values.prefix(3).filter { abs($0) <= 1e150 }
        #expect(bars(svg).filter { $0["stroke"] == nil }.count == drawable.count)
        #expect(svg.texts.contains("no values") == drawable.isEmpty)
    }

    @Test func noSeriesOrCategories() throws {
        let empty = BarChart(title: "", valueAxis: "", categories: [], series: [])
        #expect(try SVGInspector(empty.svg()).texts == ["no values"])
        _ = try SVGInspector(BarChartGroup([]).svg())
    }

    @Test func textIsEscapedAndCut() throws {
        let evil = "<script>\"&' \u{1B}[31m"
        var chart = speeds
        chart.title = evil
        chart.categories[0] = evil
        chart.series[0].name = evil
        chart.valueAxis.label = evil
        let text = chart.svg()
        #expect(!text.contains("<script"))
        #expect(try SVGInspector(text).texts.filter { $0.hasPrefix("<script>") }.count == 4)
        chart.categories[0] = String(repeating: "long ", count: 100)
        #expect(try SVGInspector(chart.svg()).texts.contains { $0.hasPrefix("long") && $0.hasSuffix("…") })
    }

    @Test(arguments: [Int.min, -1, 0, 320, Int.max])
    func sizesAreBroughtWithinTheirLimits(width: Int) throws {
        let svg = try SVGInspector(speeds.svg(width: width))
        let found = try #require(SVGInspector.number(svg.elements[0].attributes, "width"))
        #expect(found >= 320 && found <= 16_384)
        for rectangle in svg.all("rect") { #expect((SVGInspector.number(rectangle, "width") ?? -1) >= 0) }
    }

    @Test func groupsStandBelowEachOther() throws {
        var other = speeds
        other.title = "Inference"
        other.categories.append("batch 1")
        let one = try SVGInspector(speeds.svg()), two = try SVGInspector(other.svg())
        let both = try SVGInspector(BarChartGroup([speeds, other], title: "Both").svg())
        func height(_ svg: SVGInspector) throws -> Double {
            try #require(SVGInspector.number(svg.elements[0].attributes, "height"))
        }
        #expect(try height(both) == height(one) + height(two) + 34)
        #expect(both.texts.contains("Training") && both.texts.contains("Inference"))
        #expect(both.texts.contains("Both"))
    }

    @Test func valuesAreShort() {
        let values = [0, 0.0004, 0.25, 1.234, 12.34, 123.4, 1234.5, 54_600, 1.25e6, 3.2e8]
        #expect(
            values.map(BarChart.text) == [
                "0", "0.0004", "0.25", "1.23", "12.3", "123", "1,235", "54,600", "1.2M", "320M",
            ]
        )
        #expect(BarChart.text(-1500) == "-1,500")
    }

    @Test func themesAndBytes() throws {
        #expect(try SVGInspector(speeds.svg()).style.contains("prefers-color-scheme: dark"))
        #expect(try SVGInspector(speeds.svg(theme: .dark)).style.isEmpty)
        #expect(Set((0..<5).map { _ in speeds.svg() }).count == 1)
    }
}
