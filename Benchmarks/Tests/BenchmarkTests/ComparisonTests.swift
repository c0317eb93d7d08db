import BenchmarkCore
import Testing

@Suite struct ComparisonTests {
    private func report(_ rates: [Double], name: String = "train", commit: String = "abc1234") -> Report {
        var setting = ReportTests.setting
        setting.commit = commit
        return Report(setting: setting, sections: [ReportTests.section(rates, name: name)])
    }

    @Test func moreImagesAndFewerSecondsAreBetter() {
        let comparison = Comparison(old: report([1000, 1000]), new: report([2000, 2000]))
        #expect(comparison.changes.map(\.ratio) == [2, 2])
        #expect(comparison.changes.allSatisfy { $0.isBeyondNoise })
        #expect(comparison.changes.map(\.column) == ["", "epoch"])
        #expect(comparison.onlyOld.isEmpty && comparison.onlyNew.isEmpty)
    }

    @Test func smallDifferencesAreNoise() {
        let comparison = Comparison(old: report([900, 1000, 1100]), new: report([950, 1050, 1150]))
        #expect(!comparison.changes.contains { $0.isBeyondNoise })
        let text = comparison.section.text
        #expect(text.contains("1.05 ~") && text.contains("geometric mean of all: 1.05"))
    }

    @Test func oneRunIsNoProof() {
        let small = Comparison(old: report([1000]), new: report([1080]))
        #expect(!small.changes.contains { $0.isBeyondNoise })
        let large = Comparison(old: report([1000]), new: report([1200]))
        #expect(large.changes.allSatisfy { $0.isBeyondNoise })
    }

    @Test func whatOnlyOneHasIsNamed() {
        let comparison = Comparison(
            old: report([1], name: "old"),
            new: report([1], name: "new", commit: "def")
        )
        #expect(comparison.changes.isEmpty)
        #expect(comparison.onlyOld.count == 2 && comparison.onlyNew.count == 2)
        let notes = comparison.section.notes
        #expect(notes.contains("library: abc1234 before, def now"))
        #expect(notes.contains { $0.hasPrefix("only in the old report: 2 figures") })
    }
}
