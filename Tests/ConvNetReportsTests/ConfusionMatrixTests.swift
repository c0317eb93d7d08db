import ConvNetReports
import SwiftConvNet
import Testing

@Suite struct ConfusionMatrixTests {
    // By hand: class 0 has 3 samples, 2 right, 1 taken for 1; class 1 has 4, 3 right, 1 taken for 2; class 2
    // has 2, both right.
    private func small(_ names: [String] = ["0", "1", "2"]) throws -> ConfusionMatrix {
        try ConfusionMatrix(
            labels: [0, 0, 0, 1, 1, 1, 1, 2, 2] as Labels,
            predictions: [0, 0, 1, 1, 1, 1, 2, 2, 2],
            classNames: names
        )
    }

    @Test func numbersByHand() throws {
        let matrix = try small()
        #expect(matrix.counts == [[2, 1, 0], [0, 3, 1], [0, 0, 2]])
        #expect(matrix.total == 9 && matrix.rightCount == 7)
        #expect(matrix.accuracy == 7.0 / 9)
        #expect(matrix.recall == [2.0 / 3, 3.0 / 4, 1])
        #expect(matrix.precision == [1, 3.0 / 4, 2.0 / 3])
        #expect(matrix.confusions().map { [$0.label, $0.predicted, $0.count] } == [[0, 1, 1], [1, 2, 1]])
        #expect(matrix.confusions(limit: -1).isEmpty)
    }

    @Test func absentClassesHaveNoShares() throws {
        let matrix = try ConfusionMatrix(labels: [0, 0], predictions: [0, 2], classCount: 3)
        #expect(matrix.recall == [0.5, nil, nil])
        #expect(matrix.precision == [1, nil, 0])
        let none = try ConfusionMatrix(labels: [Int](), predictions: [Int](), classCount: 2)
        #expect(none.accuracy == nil && none.total == 0)
        #expect(none.text(characters: .unicode).hasSuffix("No samples.\n"))
        #expect(try SVGInspector(none.svg()).texts.contains("No samples."))
    }

    // F1 by hand: 2 · right / (samples + predictions), so 4 / 5, 6 / 8 and 4 / 5.
    @Test func scoresByHand() throws {
        let matrix = try small()
        #expect(matrix.support == [3, 4, 2])
        #expect(matrix.f1 == [0.8, 0.75, 0.8])
        let macro = try #require(matrix.macroAverage), weighted = try #require(matrix.weightedAverage)
        func isEqual(_ average: ConfusionMatrix.Average, _ expected: [Double]) -> Bool {
            zip([average.precision, average.recall, average.f1], expected).allSatisfy { abs($0 - $1) < 1e-12 }
        }
        let precisionSum = 1 + 0.75 + 2.0 / 3, recallSum = 2.0 / 3 + 0.75 + 1
        #expect(isEqual(macro, [precisionSum / 3, recallSum / 3, 2.35 / 3]))
        // Weighted by its samples the recall is the accuracy.
        let precisions = 3 + 3 + 4.0 / 3
        let scores = 3 * 0.8 + 4 * 0.75 + 2 * 0.8
        let recalls = 7.0 / 9
        #expect(isEqual(weighted, [precisions / 9, recalls, scores / 9]))
        let chart = matrix.scoreChart()
        #expect(
            chart.categories == ["0", "1", "2"] && chart.series.map(\.name) == ["precision", "recall", "F1"]
        )
        #expect(chart.series[2].values.map { $0.rounded() } == [80, 75, 80])
        #expect(chart.svg().contains("Scores by class"))
    }

    @Test func absentClassesCountAsNothing() throws {
        let matrix = try ConfusionMatrix(labels: [0, 0, 1], predictions: [0, 2, 1], classCount: 4)
        #expect(matrix.f1 == [2.0 / 3, 1, 0, nil])
        let macro = try #require(matrix.macroAverage)
        #expect(abs(macro.recall - 0.5) < 1e-12 && abs(macro.precision - 2.0 / 3) < 1e-12)
        #expect(matrix.scoreChart().series[1].values[3].isNaN)
        let none = try ConfusionMatrix(labels: [Int](), predictions: [Int](), classCount: 2)
        #expect(none.macroAverage == nil && none.weightedAverage == nil)
        #expect(none.description.hasSuffix("No samples.\n"))
    }

    @Test func exactScores() throws {
        #expect(
            try small(["cat", "dog", "ape"]).scoreText(characters: .ascii) == """
                                  precision %  recall %      F1 %   samples
                -----------------------------------------------------------
                cat                       100      66.7      80.0         3
                dog                      75.0      75.0      75.0         4
                ape                      66.7       100      80.0         2
                -----------------------------------------------------------
                macro average            80.6      80.6      78.3         9
                weighted average         81.5      77.8      77.8         9
                Accuracy 77.78 %: 7 of 9 right.

                """
        )
    }

    @Test func exactText() throws {
        #expect(
            try small().text(characters: .unicode) == """
                                predicted
                true        │    0    1    2 │ recall %
                ────────────┼────────────────┼─────────
                0           │    2    1    · │     66.7
                1           │    ·    3    1 │     75.0
                2           │    ·    ·    2 │      100
                ────────────┼────────────────┼─────────
                precision % │  100 75.0 66.7 │     77.8
                Accuracy 77.78 %: 7 of 9 right.

                """
        )
    }

    @Test func longNamesAreNumbered() throws {
        let text = try small(["T-shirt/top", "数字", "a name that is much too long for a table"]).text(
            characters: .ascii
        )
        #expect(
            text == """
                                               predicted
                true                       |    0    1    2 | recall %
                ---------------------------+----------------+---------
                0 T-shirt/top              |    2    1    . |     66.7
                1 数字                     |    .    3    1 |     75.0
                2 a name that is much t... |    .    .    2 |      100
                ---------------------------+----------------+---------
                precision %                |  100 75.0 66.7 |     77.8
                Accuracy 77.78 %: 7 of 9 right.

                """
        )
    }

    @Test func tenDigitsFitAnOrdinaryTerminal() throws {
        let labels = (0..<60_000).map { $0 % 10 }
        let text = try ConfusionMatrix(labels: labels, predictions: labels, classCount: 10).text(
            characters: .unicode
        )
        #expect(text.split(separator: "\n").allSatisfy { String($0).columns <= 80 })
        #expect(text.contains("60,000 of 60,000"))
    }

    @Test func pictureHasEveryNumberAndName() throws {
        let matrix = try small(["cat", "<dog>", "ape"])
        let svg = try SVGInspector(matrix.svg(title: "A & B"))
        for text in ["A & B", "true", "predicted", "recall %", "precision %", "right", "wrong (own scale)"] {
            #expect(svg.texts.contains(text), "\(text)")
        }
        for name in ["cat", "<dog>", "ape"] { #expect(svg.texts.filter { $0 == name }.count == 2) }
        #expect(svg.texts.filter { $0 == "66.7" }.count == 2 && svg.texts.filter { $0 == "75.0" }.count == 2)
        // Counts without zeros, in reading order.
        let counts = svg.texts.filter { Int($0) != nil && $0 != "100" }
        #expect(counts == ["2", "1", "3", "1", "2"])
        #expect(svg.texts.contains("Accuracy 77.78 %: 7 of 9 right."))
    }

    @Test(arguments: [1, 2, 10, 37, 150, 1000])
    func everyClassCountMakesAPicture(classCount: Int) throws {
        let labels = Array(0..<classCount)
        let matrix = try ConfusionMatrix(
            labels: labels,
            predictions: labels.reversed(),
            classCount: classCount
        )
        let svg = try SVGInspector(matrix.svg())
        let right = try #require(SVGInspector.number(svg.elements[0].attributes, "width"))
        for rectangle in svg.all("rect") {
            let x = SVGInspector.number(rectangle, "x") ?? 0
            let width = try #require(SVGInspector.number(rectangle, "width"))
            #expect(x >= 0 && x + width <= right)
        }
        #expect(matrix.text(characters: .unicode).contains("precision %"))
        #expect(matrix.svg() == matrix.svg() && matrix.svg(theme: .dark) != matrix.svg(theme: .light))
    }

    @Test func wrongInputIsAnError() {
        func kind(_ body: () throws -> ConfusionMatrix) -> ConvNetError.Kind? {
            do {
                _ = try body()
                return nil
            } catch {
                return (error as? ConvNetError)?.kind
            }
        }
        #expect(kind { try ConfusionMatrix(labels: [0], predictions: [0, 1], classCount: 2) } == .argument)
        #expect(kind { try ConfusionMatrix(labels: [0], predictions: [0], classCount: 0) } == .argument)
        #expect(kind { try ConfusionMatrix(labels: [0], predictions: [0], classCount: .max) } == .argument)
        #expect(kind { try ConfusionMatrix(labels: [0], predictions: [0], classCount: .min) } == .argument)
        #expect(kind { try ConfusionMatrix(labels: [2], predictions: [0], classCount: 2) } == .data)
        #expect(kind { try ConfusionMatrix(labels: [0], predictions: [-1], classCount: 2) } == .data)
        #expect(kind { try ConfusionMatrix(labels: [UInt64.max], predictions: [0], classCount: 2) } == .data)
    }
}
