import BenchmarkCore
import Foundation
import Testing

@Suite struct ReportTests {
    static var setting: Setting {
        var setting = Setting.current(threads: 2)
        setting.processor = "Test CPU"
        setting.vectorLevel = "AVX2"
        setting.processorCount = 2
        setting.blasVersion = "0.3.21"
        setting.blasCore = "Zen"
        setting.blasParallelModel = "threads"
        setting.blasVariables = []
        setting.buildMode = "release"
        setting.swiftVersion = "6.3"
        setting.commit = "abc1234"
        setting.date = "2026-11-22T16:00:00Z"
        setting.loadAverage = 0.1
        setting.peakGigaflops = 180
        return setting
    }

    static func section(_ rates: [Double], name: String = "train") -> ReportSection {
        ReportSection(
            name: name,
            title: "Training",
            rowTitle: "network",
            charted: .imagesPerSecond,
            notes: ["a note"],
            figures: [
                Figure("mnist, batch 128", "", .imagesPerSecond, rates),
                Figure("mnist, batch 128", "epoch", .seconds, rates.map { 60_000 / $0 }),
                Figure("vgg | batch 64", "", .imagesPerSecond, missing: "failed"),
                Figure("vgg | batch 64", "ratio", .ratio, derived: 1.5),
            ]
        )
    }

    private let report = Report(setting: Self.setting, sections: [Self.section([5000, 6000, 5500])])

    @Test func survivesJSON() throws {
        let json = try report.json()
        #expect(try Report(json: json) == report)
        #expect(try report.json() == json)
        #expect(throws: DecodingError.self) { try Report(json: Data("{}".utf8)) }
    }

    @Test func figuresSayMedianBestAndSpread() {
        let figure = Figure("r", "c", .seconds, [3, 1, 2])
        #expect(figure.median == 2 && figure.best == 1 && figure.spread == 0.5 && figure.runs == 3)
        #expect(Figure("r", "c", .gigaflops, [3, 1, 2]).best == 3)
        #expect(Figure("r", "c", .gigaflops, [123.4], note: "*").text == "123*")
        #expect(Figure("r", "c", .gigaflops, missing: "failed").text == "failed")
        #expect(Figure("r", "c", .gigaflops, missing: "").text == "-")
    }

    @Test func numbersHaveThreeDigitsThatCount() {
        #expect(Quantity.imagesPerSecond.text(54_600.4) == "54,600")
        #expect(Quantity.imagesPerSecond.text(1_234_567) == "1,234,567")
        #expect(Quantity.seconds.text(5.678) == "5.68")
        #expect(Quantity.milliseconds.text(0.1234) == "0.123")
        #expect(Quantity.microseconds.text(25.04) == "25.0")
        #expect(Quantity.share.text(0.876) == "88")
        #expect(Quantity.ratio.text(12.345) == "12.35" || Quantity.ratio.text(12.345) == "12.34")
        #expect(Quantity.error.text(0.0000123) == "1.2e-05")
        #expect(Quantity.seconds.text(.nan) == "-")
    }

    @Test func textTableIsAligned() {
        let lines = report.sections[0].text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "Training")
        #expect(
            lines[1].hasPrefix("network") && lines[1].contains("images/s") && lines[1].contains("epoch, s")
        )
        #expect(Set(lines[1...4].map { $0.count }).count == 1)
        #expect(lines[3].contains("5,500") && lines[4].contains("failed") && lines[4].contains("1.50"))
        #expect(lines[5] == "  a note")
    }

    @Test func aCommonUnitStandsInTheTitle() {
        let section = ReportSection(
            name: "gemm",
            title: "Products",
            rowTitle: "size",
            charted: .gigaflops,
            figures: [
                Figure("a", "share", .share, derived: 0.5), Figure("a", "naive", .gigaflops, [1]),
                Figure("a", "ratio", .ratio, derived: 2), Figure("a", "simd", .gigaflops, [2]),
            ]
        )
        #expect(section.columns.map(\.title) == ["naive", "simd", "share", "ratio"])
        let lines = section.text.split(separator: "\n")
        #expect(lines[0] == "Products (GFLOP/s)")
        #expect(lines[1] == "size  naive  simd  share, %  ratio, ×")
    }

    @Test func markdownHasTheSettingAndEscapesBars() {
        let text = report.markdown(pictures: ["train": "train.svg"])
        #expect(text.hasPrefix("# Benchmarks, 2026-11-22\n"))
        for part in [
            "Test CPU, AVX2, 2 processors", "0.3.21, core Zen, threads", "release, Swift 6.3", "abc1234",
            "| network | images/s | epoch, s | ratio, × |", "## Training\n", "| vgg \\| batch 64 |",
            "- a note",
            "![Training](train.svg)", "180 GFLOP/s on 2 threads",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func chartShowsWhatWasMeasured() {
        let chart = report.sections[0].chart
        #expect(chart.categories == ["mnist, batch 128", "vgg | batch 64"])
        #expect(chart.series.count == 1)
        #expect(chart.series[0].values[0] == 5500 && chart.series[0].values[1].isNaN)
        #expect(report.svg.contains("<svg"))
    }

    @Test func settingOfThisMachine() {
        let setting = Setting.current(threads: 3)
        #expect(setting.threads == 3 && setting.processorCount >= 1 && setting.memory > 0)
        #expect(!setting.blasVersion.isEmpty && !setting.blasCore.isEmpty && !setting.processor.isEmpty)
        #expect(setting.day.count == 10)
    }
}
