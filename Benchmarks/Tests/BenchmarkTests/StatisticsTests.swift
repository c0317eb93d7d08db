import BenchmarkCore
import Testing

@Suite struct StatisticsTests {
    @Test func medianBestAndSpread() {
        let odd = Statistics([5, 1, 3])
        #expect(odd.median == 3 && odd.minimum == 1 && odd.maximum == 5 && odd.count == 3)
        #expect(abs(odd.spread - 2.0 / 3) < 1e-12)
        #expect(Statistics([1, 2, 3, 10]).median == 2.5)
        let one = Statistics([7])
        #expect(one.median == 7 && one.spread == 0)
        #expect(Statistics([0, 0]).spread == 0)
    }

    @Test func quantilesLieBetweenNeighbours() {
        let values = [0.0, 10, 20, 30, 40]
        #expect(Statistics.quantile(0, of: values) == 0)
        #expect(Statistics.quantile(1, of: values) == 40)
        #expect(Statistics.quantile(0.5, of: values) == 20)
        #expect(abs(Statistics.quantile(0.99, of: values) - 39.6) < 1e-9)
    }

    @Test func geometricMean() {
        #expect(abs(Statistics.geometricMean([1, 4]) - 2) < 1e-12)
        #expect(abs(Statistics.geometricMean([0.5, 2, 1]) - 1) < 1e-12)
    }

    @Test func stopwatchCountsCalls() {
        var calls = 0
        let times = Stopwatch(repeats: 3, minimumSeconds: 0).time { calls += 1 }
        #expect(times.count == 3 && calls == 4)
        calls = 0
        let spread = Stopwatch(repeats: 2, minimumSeconds: 0.005).time { calls += 1 }
        #expect(spread.count == 2 && calls > 100)
        #expect(spread.allSatisfy { $0 > 0 && $0 < 0.005 })
    }

    @Test func peakIsPlausible() {
        let one = PeakRate.measure(threads: 1, seconds: 0.01, tries: 2)
        #expect(one > 1e9 && one < 1e12)
    }
}
