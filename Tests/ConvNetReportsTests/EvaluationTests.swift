import ConvNetReports
import Foundation
import SwiftConvNet
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Curves, calibration and top-k")
struct EvaluationTests {
    /// What scikit-learn's formulas make of scores.
    struct Curve: Decodable, Sendable, CustomTestStringConvertible {
        struct Points: Decodable, Sendable {
            let x: [Double]
            let y: [Double]
            let thresholds: [Double?]?
        }
        let name: String
        let labels: [Int]
        let scores: [Double]
        let weights: [Double]?
        let roc: Points, full_roc: Points, pr: Points
        let roc_area: Double, average_precision: Double

        var testDescription: String { name }
    }

    struct CalibrationCase: Decodable, Sendable {
        let logits: GoldenTensor, probabilities: GoldenTensor, calibrated: GoldenTensor
        let labels: [Int]
        let counts: [Int]
        let confidences: [Double?], accuracies: [Double?]
        let expected_error: Double, maximum_error: Double
        let negative_log_likelihood: Double, brier_score: Double
        let temperature: Double
    }

    struct File: Decodable, Sendable {
        let curves: [Curve]
        let calibration: CalibrationCase
    }

    static let file = Result { try Golden.read("evaluation", as: File.self) }
    static let curves = (try? file.get().curves) ?? []

    private func isClose(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-12) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance }
    }

    @Test func casesAreThere() { #expect(Self.curves.count == 7) }

    @Test("ROC and precision-recall curves have scikit-learn's points and areas", arguments: curves)
    func curve(_ golden: Curve) throws {
        let labels = golden.labels.map { $0 == 1 }
        let roc = try ROCCurve(scores: golden.scores, labels: labels, weights: golden.weights)
        #expect(isClose(roc.falsePositiveRates, golden.roc.x) && isClose(roc.truePositiveRates, golden.roc.y))
        let thresholds: [Double] = (golden.roc.thresholds ?? []).map { $0 ?? .infinity }
        #expect(roc.thresholds == thresholds)
        #expect(abs(roc.area - golden.roc_area) < 1e-12)
        let full = try ROCCurve(
            scores: golden.scores,
            labels: labels,
            weights: golden.weights,
            dropsIntermediate: false
        )
        #expect(isClose(full.falsePositiveRates, golden.full_roc.x))
        #expect(isClose(full.truePositiveRates, golden.full_roc.y) && abs(full.area - roc.area) < 1e-12)
        let pr = try PrecisionRecallCurve(scores: golden.scores, labels: labels, weights: golden.weights)
        #expect(isClose(pr.recalls, golden.pr.x) && isClose(pr.precisions, golden.pr.y))
        let others: [Double] = (golden.pr.thresholds ?? []).compactMap { $0 }
        #expect(pr.thresholds == others)
        #expect(abs(pr.averagePrecision - golden.average_precision) < 1e-12)
        for svg in [roc.chart.svg(), pr.chart.svg()] { #expect(XMLParser(data: Data(svg.utf8)).parse()) }
        #expect(roc.chart.png().starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test("The area is the share of pairs that are in order, equals counting half")
    func pairs() throws {
        var random = RandomStream(seed: 5, purpose: .user)
        let scores = (0..<200).map { _ in Double(Int(random.uniform(in: 0..<30))) }
        let labels = scores.map { Double(random.uniform(in: 0..<30)) < $0 }
        let positives = zip(scores, labels).filter(\.1).map(\.0)
        let negatives = zip(scores, labels).filter { !$0.1 }.map(\.0)
        let ordered = positives.reduce(0.0) { sum, positive in
            sum + negatives.reduce(0.0) { $0 + (positive > $1 ? 1 : positive == $1 ? 0.5 : 0) }
        }
        let area = try ROCCurve(scores: scores, labels: labels).area
        #expect(abs(area - ordered / Double(positives.count * negatives.count)) < 1e-12)
    }

    @Test("Each class against the others; one that no sample has is left out; charts stay small")
    func oneVersusRest() throws {
        let scores = try TestValues.uniform([2000, 4], seed: 3)
        let labels = (0..<2000).map { $0 % 3 }
        let names = ["a", "b", "c", "d"]
        let curves = try ROCCurve.oneVersusRest(scores: scores, labels: labels, classNames: names)
        #expect(curves.map(\.name) == ["a", "b", "c"])
        let column = (0..<2000).map { scores[$0, 1] }
        let own = try ROCCurve(scores: column, labels: labels.map { $0 == 1 }, name: "b")
        #expect(curves[1] == own)
        let chart = ROCCurve.chart(curves)
        #expect(chart.series.count == 4 && chart.series.allSatisfy { $0.points.count <= 400 })
        #expect(chart.series[0].points.first == .init(x: 0, y: 0))
        #expect(chart.series[0].points.last == .init(x: 1, y: 1))
        let others = try PrecisionRecallCurve.oneVersusRest(scores: scores, labels: labels)
        #expect(others.map(\.name) == ["0", "1", "2"])
        #expect(PrecisionRecallCurve.chart(others).series.count == 3)
    }

    @Test("Top-k accuracies are those of the metric")
    func topK() throws {
        let scores = try TestValues.uniform([50, 6], seed: 4).map { ($0 * 4).rounded() }
        let labels = Labels((0..<50).map { Int32($0 % 6) })
        let accuracies = try TopKAccuracies(scores: scores, labels: labels)
        #expect(
            accuracies.shares.count == 6 && accuracies[6] == 1 && accuracies[0] == nil && accuracies[7] == nil
        )
        for k in 1...6 {
            let expected = try SparseTopKCategoricalAccuracy(k: k)(labels, scores)
            #expect(abs((accuracies[k] ?? .nan) - Double(expected)) < 1e-6, "\(k)")
        }
        #expect(accuracies.chart().series[0].points.count == 6)
        #expect(try TopKAccuracies(scores: Tensor(zeros: [0, 3]), labels: [Int]()).shares.isEmpty)
    }

    @Test("Calibration has the bins and the errors of NumPy")
    func calibration() throws {
        let golden = try Self.file.get().calibration
        let calibration = try Calibration(
            probabilities: golden.probabilities.tensor(),
            labels: golden.labels,
            binCount: golden.counts.count
        )
        #expect(calibration.bins.map(\.count) == golden.counts && calibration.count == 200)
        let confidences: [Double] = calibration.bins.map { $0.confidence ?? -1 }
        let accuracies: [Double] = calibration.bins.map { $0.accuracy ?? -1 }
        #expect(isClose(confidences, golden.confidences.map { $0 ?? -1 }))
        #expect(isClose(accuracies, golden.accuracies.map { $0 ?? -1 }))
        #expect(abs(calibration.expectedError - golden.expected_error) < 1e-12)
        #expect(abs(calibration.maximumError - golden.maximum_error) < 1e-12)
        #expect(abs(calibration.negativeLogLikelihood - golden.negative_log_likelihood) < 1e-12)
        #expect(abs(calibration.brierScore - golden.brier_score) < 1e-12)
        let chart = calibration.chart()
        let filled = golden.counts.filter { $0 > 0 }
        #expect(chart.series[0].points.count == filled.count)
        #expect(XMLParser(data: Data(chart.svg().utf8)).parse())
    }

    @Test("The temperature has the smallest loss, of logits and of probabilities")
    func temperature() throws {
        let golden = try Self.file.get().calibration
        let logits = try golden.logits.tensor(), probabilities = try golden.probabilities.tensor()
        let scaling = try TemperatureScaling(logits: logits, labels: golden.labels)
        // A minimum is as exact as the root of the loss' exactness.
        #expect(abs(scaling.temperature - golden.temperature) < 1e-6 * golden.temperature)
        let other = try TemperatureScaling(probabilities: probabilities, labels: golden.labels)
        #expect(abs(other.temperature - golden.temperature) < 1e-5 * golden.temperature)
        let calibrated = try scaling.probabilities(ofLogits: logits)
        #expect(relativeDifference(Array(calibrated.elements.prefix(12)), golden.calibrated.values) < 1e-6)
        #expect(calibrated.argmaxOfLastAxis() == probabilities.argmaxOfLastAxis())
        let of = try other.probabilities(of: probabilities)
        #expect(relativeDifference(of.elements, calibrated.elements) < 1e-4)
        func loss(_ probabilities: Tensor) throws -> Double {
            try Calibration(probabilities: probabilities, labels: golden.labels).negativeLogLikelihood
        }
        let best = try loss(calibrated)
        for factor in [0.97, 1.03] {
            let near = try TemperatureScaling(temperature: scaling.temperature * factor)
            #expect(try loss(near.probabilities(ofLogits: logits)) > best)
        }
        let data = try JSONEncoder().encode(scaling)
        #expect(try JSONDecoder().decode(TemperatureScaling.self, from: data) == scaling)
    }

    @Test("A classifier that is always right, or always wrong, gets the end of the range")
    func extremes() throws {
        let logits = try Tensor([[1, 0], [0, 2]])
        let right = try TemperatureScaling(logits: logits, labels: [0, 1])
        #expect(abs(right.temperature - TemperatureScaling.range.lowerBound) < 1e-3)
        let wrong = try TemperatureScaling(logits: logits, labels: [1, 0])
        #expect(abs(wrong.temperature - TemperatureScaling.range.upperBound) < 1)
    }

    @Test("What cannot be evaluated is an error")
    func refusals() throws {
        func refused(_ kind: ConvNetError.Kind, _ body: () throws -> Void) {
            let error = #expect(throws: ConvNetError.self) { try body() }
            #expect(error?.kind == kind, "\(error as Any)")
        }
        refused(.argument) { _ = try ROCCurve(scores: [1.0], labels: [true, false]) }
        refused(.argument) { _ = try ROCCurve(scores: [1.0, 2], labels: [true, false], weights: [1]) }
        refused(.data) { _ = try ROCCurve(scores: [1.0, 2], labels: [true, true]) }
        refused(.data) { _ = try PrecisionRecallCurve(scores: [1.0, 2], labels: [false, false]) }
        refused(.data) { _ = try ROCCurve(scores: [Double](), labels: [Bool]()) }
        refused(.data) { _ = try ROCCurve(scores: [1, .nan], labels: [true, false]) }
        refused(.data) { _ = try ROCCurve(scores: [1.0, 2], labels: [true, false], weights: [1, -1]) }
        refused(.data) { _ = try ROCCurve(scores: [1.0, 2], labels: [true, false], weights: [0, 1]) }
        let scores = try Tensor([[0.5, 0.5], [0.2, 0.8]])
        refused(.shape) { _ = try TopKAccuracies(scores: Tensor(zeros: [2]), labels: [0, 1]) }
        refused(.argument) { _ = try TopKAccuracies(scores: scores, labels: [0]) }
        refused(.data) { _ = try TopKAccuracies(scores: scores, labels: [0, 2]) }
        refused(.data) { _ = try TopKAccuracies(scores: Tensor([[1, .nan]]), labels: [0]) }
        refused(.argument) {
            _ = try ROCCurve.oneVersusRest(scores: scores, labels: [0, 1], classNames: ["a"])
        }
        refused(.data) { _ = try Calibration(probabilities: Tensor([[2, -1]]), labels: [0]) }
        refused(.argument) { _ = try Calibration(probabilities: scores, labels: [0, 1], binCount: 0) }
        refused(.argument) { _ = try Calibration(probabilities: Tensor(zeros: [0, 2]), labels: [Int]()) }
        refused(.argument) { _ = try TemperatureScaling(logits: Tensor(zeros: [0, 2]), labels: [Int]()) }
        refused(.argument) { _ = try TemperatureScaling(temperature: 0) }
        refused(.argument) { _ = try TemperatureScaling(temperature: .infinity) }
    }
}
