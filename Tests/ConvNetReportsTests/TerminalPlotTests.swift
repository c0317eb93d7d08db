import ConvNetReports
import SwiftConvNet
import Testing

@Suite struct TerminalPlotTests {
    private let chart = LineChart(
        title: "Loss",
        xAxis: "epoch",
        yAxis: "loss",
        series: [.init("training", values: [4.0, 2, 1]), .init("validation", values: [1.0, 1, 0])]
    )

    @Test func exactTextInASCII() {
        #expect(
            TerminalPlot(chart, width: 40, height: 5, characters: .ascii).text == """
                                  Loss
                loss
                4 +*****
                  |     *********
                2 +              *************
                  |ooooooooooooooooooooooooooo**********
                0 +                           oooooooooo
                  ++-----------------+-----------------+
                   1                 2                 3
                                   epoch
                  ** training  oo validation

                """
        )
    }

    @Test func exactTextInUnicode() {
        #expect(
            TerminalPlot(chart, width: 28, height: 5, characters: .unicode).text == """
                            Loss
                loss
                4 ┤●⠢⠤⣀⡀
                  │    ⠈⠉⠒⠢⠤⣀⡀
                2 ┤          ⠈⠉●⠒⠤⠤⠤⣀⣀⣀
                  │○⠂⠐⠂⠐⠂⠐⠂⠐⠂⠐⠂○⠂⠠⠄⠠⡀⢀⡀⠉⠉⠉⠒●
                0 ┤                    ⠈⠁⠈⠂○
                  └┬───────────┬───────────┬
                   1           2           3
                             epoch
                  ─●─ training
                  ┄○┄ validation

                """
        )
    }

    @Test(arguments: TerminalCharacters.allCases, [Int.min, 10, 24, 41, 80])
    func linesFitTheWidth(characters: TerminalCharacters, width: Int) {
        var chart = chart
        chart.title =
            "A title that is far too long for a narrow terminal, and for most wide ones as well, indeed"
        chart.series[1].name = "验证集的名字很长很长很长很长很长很长很长"
        let text = TerminalPlot(chart, width: width, height: 6, characters: characters).text
        #expect(text.hasSuffix("\n"))
        for line in text.split(separator: "\n") { #expect(String(line).columns <= max(width, 24), "\(line)") }
    }

    @Test func asciiIsASCII() {
        let text = TerminalPlot(chart, characters: .ascii).text
        #expect(text.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) })
    }

    @Test func colourOnlyWhereAskedFor() {
        #expect(!TerminalPlot(chart).text.contains("\u{1B}"))
        let colored = TerminalPlot(chart, isColored: true).text
        #expect(colored.contains("\u{1B}[36m") && colored.contains("\u{1B}[35m"))
        #expect(colored.replacing(/\u{1B}\[[0-9]+m/, with: "") == TerminalPlot(chart).text)
    }

    @Test func textCannotSteerTheTerminal() {
        var chart = chart
        chart.title = "\u{1B}[2Jcleared\r\n"
        chart.series[0].name = "\u{9B}31m\u{202E}red"
        let text = TerminalPlot(chart).text
        #expect(!text.unicodeScalars.contains { ["\u{1B}", "\r", "\u{9B}", "\u{202E}"].contains($0) })
        #expect(text.contains("[2Jcleared"))
    }

    @Test func markersShowEverySeries() {
        let series = (0..<6).map { LineChart.Series("series \($0)", values: [Double($0), Double($0)]) }
        let text = TerminalPlot(
            LineChart(title: "", xAxis: "", yAxis: "", series: series),
            height: 12,
            characters: .unicode
        )
        .text
        for symbol in ["●", "○", "▲", "△", "■", "□"] {
            #expect(text.filter { String($0) == symbol }.count == 3)
        }
        for index in 0..<6 { #expect(text.contains("series \(index)")) }
    }
}
