import ConvNetReports
import SwiftConvNet
import Testing

@Suite struct LineChartTests {
    private let accuracy = LineChart(
        title: "Accuracy",
        xAxis: "epoch",
        yAxis: .init("accuracy", numbers: .percent),
        series: [
            .init("training", values: [0.91, 0.97, 0.98]),
            .init("validation", values: [0.96, 0.98, 0.985]),
        ]
    )

    @Test func allPartsArePresent() throws {
        let svg = try SVGInspector(accuracy.svg(width: 480, height: 320))
        for text in ["Accuracy", "epoch", "accuracy", "training", "validation", "1", "2", "3", "100 %"] {
            #expect(svg.texts.contains(text), "\(text)")
        }
        #expect(svg.titles.contains("training") && svg.titles.contains("validation"))
        #expect(svg.elements[0].attributes["viewBox"] == "0 0 480 320")
    }

    @Test func seriesDifferByColourDashesAndMarker() throws {
        let svg = try SVGInspector(accuracy.svg(theme: .light))
        let lines = svg.all("path").filter { $0["fill"] == "none" && $0["stroke-width"] == "2.2" }
        // Each series once in the legend, once in the chart.
        #expect(lines.count == 4)
        #expect(Set(lines.map { $0["stroke"] }).count == 2)
        #expect(Set(lines.map { $0["stroke-dasharray"] ?? "" }).count == 2)
        let markers = svg.all("path").filter { $0["fill"] != "none" }
        #expect(markers.count == 2 * (3 + 1))
        #expect(markers.filter { $0["d", default: ""].contains("a4 4") }.count == 4)
    }

    @Test func pointsAreWhereTheScaleSays() throws {
        let chart = LineChart(
            title: "",
            xAxis: "",
            yAxis: "",
            series: [.init("", values: [0.0, 10, 5], from: 0)]
        )
        let svg = try SVGInspector(chart.svg(width: 400, height: 300, theme: .light))
        let grid = svg.all("path").filter { $0["stroke"] == "#e1e5ea" }.compactMap { $0["d"] }
        let line = try #require(svg.all("path").first { $0["stroke-width"] == "2.2" }?["d"])
        func numbers(_ path: String) -> [Double] {
            path.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
        }
        let points = numbers(line)
        #expect(points.count == 6)
        // The lowest and the highest value lie on the lowest and the highest grid line.
        #expect(points[1] == grid.map { numbers($0)[1] }.max())
        #expect(points[3] == grid.map { numbers($0)[1] }.min())
        #expect(abs(points[5] - (points[1] + points[3]) / 2) < 0.02)
        #expect(abs(points[2] - (points[0] + points[4]) / 2) < 0.02)
    }

    @Test func textIsEscaped() throws {
        let evil = "<script>\"&' \u{1B}[31m\u{0}\u{FFFF}]]>"
        var chart = accuracy
        chart.title = evil
        chart.xAxis.label = evil
        chart.yAxis.label = evil
        chart.series[0].name = evil
        let text = LineChartGroup([chart], title: evil).svg(width: 2000, height: 400)
        #expect(!text.contains("<script"))
        let svg = try SVGInspector(text)
        #expect(svg.texts.filter { $0 == "<script>\"&'  [31m ]]>" }.count == 5)
    }

    @Test(
        "Values that make no line still make a picture",
        arguments: [
            [], [.nan], [.infinity, -.infinity], [0], [5, 5, 5], [.nan, 1, .nan, 2, .nan], [1e300, 1],
            [-0.0, 0],
            [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
            [.leastNonzeroMagnitude, .leastNormalMagnitude], [1e150, -1e150],
        ] as [[Double]]
    )
    func odd(values: [Double]) throws {
        let chart = LineChart(title: "Odd", xAxis: "x", yAxis: "y", series: [.init("series", values: values)])
        let text = chart.svg()
        let svg = try SVGInspector(text)
        #expect(svg.texts.contains("series"))
        #expect(!text.contains("nan") && !text.contains("inf\""))
        let drawable = values.filter { abs($0) <= 1e150 }
        #expect(svg.texts.contains("no values") == drawable.isEmpty)
        // One marker in the legend, and one per value, as all are far apart.
        let markers = svg.all("path").filter { $0["d", default: ""].contains("a4 4") }
        #expect(markers.count == 1 + drawable.count)
        #expect(chart.plot().contains("series"))
    }

    @Test func gapsInterruptTheLine() throws {
        let series = LineChart.Series("s", values: [1, 2, .nan, 3, .infinity, 4, 5] as [Float])
        #expect(series.runs.map(\.count) == [2, 1, 2])
        let chart = LineChart(title: "", xAxis: "", yAxis: "", series: [series])
        let line = try SVGInspector(chart.svg()).all("path").last { $0["stroke-width"] == "2.2" }
        #expect(line?["d"]?.filter { $0 == "M" }.count == 3)
    }

    @Test func noSeriesAtAll() throws {
        let chart = LineChart(title: "", xAxis: "", yAxis: "", series: [])
        #expect(try SVGInspector(chart.svg()).texts == ["no values"])
        #expect(chart.plot().contains("(no values)"))
        _ = try SVGInspector(LineChartGroup([]).svg())
    }

    @Test(arguments: [Int.min, -1, 0, 1, 300, Int.max])
    func sizesAreBroughtWithinTheirLimits(side: Int) throws {
        let svg = try SVGInspector(accuracy.svg(width: side, height: side))
        let width = try #require(SVGInspector.number(svg.elements[0].attributes, "width"))
        #expect(width >= 240 && width <= 16_384)
        for rectangle in svg.all("rect") { #expect((SVGInspector.number(rectangle, "width") ?? -1) >= 0) }
    }

    @Test func unequalCoordinatesAreAnError() throws {
        #expect { try LineChart.Series("s", x: [1.0, 2], y: [1.0]) } throws: {
            ($0 as? ConvNetError)?.kind == .argument
        }
        #expect(try LineChart.Series("s", x: [1.0, 2], y: [3, 4] as [Float]).points.map(\.y) == [3, 4])
    }

    @Test func groupsPlaceChartsBesideAndBelow() throws {
        var loss = accuracy
        loss.title = "Loss"
        func titles(_ group: LineChartGroup) throws -> [(x: Double, y: Double)] {
            let svg = group.svg(width: 1000, height: 800)
            _ = try SVGInspector(svg)
            return try ["Accuracy", "Loss"].map { title in
                let element = try #require(
                    svg.split(separator: "\n").first { $0.hasSuffix(">\(title)</text>") }
                )
                func number(_ name: String) throws -> Double {
                    let value = element.split(separator: "\"", omittingEmptySubsequences: false)
                    let place = try #require(value.firstIndex { $0.hasSuffix(" \(name)=") })
                    return try #require(Double(value[place + 1]))
                }
                return (try number("x"), try number("y"))
            }
        }
        let beside = try titles(LineChartGroup([accuracy, loss]))
        #expect(beside[0].x == 250 && beside[1].x == 750 && beside[0].y == beside[1].y)
        let below = try titles(LineChartGroup([accuracy, loss], arrangement: .stacked))
        #expect(below[0].x == 500 && below[1].x == 500 && below[1].y - below[0].y == 400)
    }

    @Test func themesChooseColours() throws {
        let automatic = accuracy.svg()
        #expect(try SVGInspector(automatic).style.contains("prefers-color-scheme: dark"))
        #expect(
            automatic.contains("fill=\"#ffffff\"") && automatic.contains(".scn-f-background{fill:#0d1117}")
        )
        // Every class has a rule.
        let svg = try SVGInspector(automatic)
        for name in Set(
            svg.elements.compactMap { $0.attributes["class"] }.flatMap { $0.split(separator: " ") }
        ) {
            #expect(svg.style.contains(".\(name){"))
        }
        #expect(try SVGInspector(accuracy.svg(theme: .dark)).style.isEmpty)
        #expect(accuracy.svg(theme: .dark).contains("fill=\"#0d1117\""))
        #expect(!accuracy.svg(theme: .light).contains("#0d1117"))
        // Ids would clash when several pictures stand in one page.
        #expect(!automatic.contains(" id="))
    }

    @Test func sameInputSameBytes() {
        let texts = (0..<20).map { _ in LineChartGroup([accuracy, accuracy], title: "t").svg() }
        #expect(Set(texts).count == 1)
    }
}
