import ConvNetReports
import Testing

@Suite struct AxisTicksTests {
    @Test(
        "Heckbert's loose labels on known ranges",
        arguments: [
            // Heckbert's own example: 105 to 543 is labelled 100, 200, ... 600.
            (105.0, 543.0, 5, [100, 200, 300, 400, 500, 600]),
            (0.0, 1.0, 6, [0, 0.2, 0.4, 0.6, 0.8, 1]),
            (0.9123, 0.9902, 6, [0.9, 0.92, 0.94, 0.96, 0.98, 1]),
            (-3.0, 3.0, 5, [-4, -2, 0, 2, 4]),
            (0.1, 0.3, 3, [0.1, 0.2, 0.3]),
            (0.0, 4e7, 5, [0, 1e7, 2e7, 3e7, 4e7]),
        ] as [(Double, Double, Int, [Double])]
    )
    func known(low: Double, high: Double, count: Int, expected: [Double]) {
        #expect(AxisTicks(covering: low...high, about: count, rounded: true).values == expected)
    }

    @Test func wholeNumbersEndWithTheData() {
        let ticks = AxisTicks(covering: 1...5, about: 11, rounded: false, whole: true)
        #expect(ticks.values == [1, 2, 3, 4, 5])
        #expect(ticks.domain == 1...5)
        #expect(AxisTicks(covering: 7...7, about: 5, rounded: false, whole: true).values == [7])
        #expect(
            AxisTicks(covering: 1...12, about: 5, rounded: false, whole: true).values == [2, 4, 6, 8, 10, 12]
        )
    }

    @Test func labelsHaveTheDecimalsOfTheStep() {
        func labels(_ range: ClosedRange<Double>, style: LineChart.Axis.NumberStyle = .plain) -> [String] {
            let ticks = AxisTicks(covering: range, about: 3, rounded: true)
            return ticks.values.map { ticks.label($0, style: style) }
        }
        #expect(labels(0...0.1) == ["0.00", "0.05", "0.10"])
        #expect(labels(-1...1) == ["-1", "0", "1"])
        #expect(labels(0...1000) == ["0", "500", "1000"])
        #expect(labels(0...2e7) == ["0", "1e7", "2e7"])
        #expect(labels(-2e-7...2e-7) == ["-2e-7", "0", "2e-7"])
        #expect(labels(0.9...1, style: .percent) == ["90 %", "95 %", "100 %"])
        #expect(labels(0.99...0.991, style: .percent) == ["99.00 %", "99.05 %", "99.10 %"])
    }

    @Test(
        "Any range gives ascending ticks within the domain, which holds the range",
        arguments: [0.0, 1e-300, 1e-149, 1e-12, 0.1, 1, 3.7, 1e9, 1e149, 1e150],
        [true, false]
    )
    func any(size: Double, rounded: Bool) {
        for (low, high) in [
            (-size, size), (0, size), (size, size), (size, size * (1 + 1e-15)), (-size, size / 3),
        ] {
            for count in [-1, 0, 2, 5, 40] {
                let ticks = AxisTicks(covering: low...high, about: count, rounded: rounded)
                #expect(ticks.values.count >= 2 && ticks.values.count < 100)
                #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 })
                let span = ticks.domain.upperBound - ticks.domain.lowerBound
                #expect(span > 0 && span.isFinite)
                #expect(
                    ticks.domain.lowerBound <= low + span * 1e-6
                        && ticks.domain.upperBound >= high - span * 1e-6
                )
                #expect(
                    ticks.values.allSatisfy {
                        $0 >= ticks.domain.lowerBound - span * 1e-6
                            && $0 <= ticks.domain.upperBound + span * 1e-6
                    }
                )
                #expect(Set(ticks.values.map { ticks.label($0, style: .plain) }).count == ticks.values.count)
            }
        }
    }
}
