import Foundation
import SwiftConvNet

/// Calibrates a classifier by one number: its logits are divided by a temperature before softmax. Predictions stay what they are,
/// and confidences become right: lower for a temperature above 1.
///
/// ```swift
/// let scaling = try TemperatureScaling(logits: try Tensor([[2, 0], [3, 0], [4, 0]]), labels: [0, 1, 0])
/// let calibrated = try scaling.probabilities(ofLogits: try Tensor([[2, 0]]))
/// ```
///
/// Fit it on samples that the classifier was not trained on. Of probabilities the logarithms serve as logits: softmax does not see a
/// number that is added to all of them.
///
/// Source: Guo and others, On calibration of modern neural networks, 2017.
public struct TemperatureScaling: Sendable, Hashable, Codable {
    /// The range of temperatures that are tried.
    public static let range = 0.01...100.0

    /// What logits are divided by.
    public let temperature: Double

    /// A known temperature.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is not a finite number above 0.
    public init(temperature: Double) throws {
        guard temperature > 0, temperature.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a temperature",
                at: "TemperatureScaling",
                expected: "a finite number above 0",
                received: "\(temperature)"
            )
        }
        self.temperature = temperature
    }

    private enum CodingKeys: CodingKey {
        case temperature
    }

    /// - Throws: as the other form, for a number that is no temperature.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(temperature: container.decode(Double.self, forKey: .temperature))
    }

    /// The temperature, within `range`, that makes the negative log-likelihood of the labels smallest.
    ///
    /// - Parameters:
    ///   - logits: `[samples, classes]`, what enters softmax.
    ///   - labels: the true classes, one per sample.
    /// - Throws: `ConvNetError` of kind `shape` or `argument` if sizes differ or there are no samples, of kind `data` for a label that
    ///   is no class or a logit that is not finite.
    public init(logits: Tensor, labels: some Collection<some BinaryInteger>) throws {
        try self.init(ScoredSamples(logits, labels, for: "TemperatureScaling"))
    }

    /// The temperature that fits probabilities, such as a model's predictions; as the form for logits.
    ///
    /// - Throws: as the form for logits, and of kind `data` for a number that is no probability.
    public init(probabilities: Tensor, labels: some Collection<some BinaryInteger>) throws {
        try ScoredSamples(probabilities, labels, for: "TemperatureScaling")
            .requireProbabilities(for: "TemperatureScaling")
        try self.init(logits: Self.logits(of: probabilities), labels: labels)
    }

    /// The loss is convex in the inverse temperature: Newton's steps, and halves of the range where they leave it.
    private init(_ samples: ScoredSamples) throws {
        guard samples.count > 0 else {
            throw ConvNetError(
                .argument,
                "A temperature needs samples to be fitted on",
                at: "TemperatureScaling",
                expected: "at least 1 sample",
                received: "none"
            )
        }
        var low = 1 / Self.range.upperBound, high = 1 / Self.range.lowerBound
        var inverse = 1.0
        for _ in 0..<100 {
            let (slope, curvature) = Self.derivatives(samples, at: inverse)
            if slope > 0 { high = inverse } else { low = inverse }
            let newton = curvature > 0 ? inverse - slope / curvature : .infinity
            let next = newton > low && newton < high ? newton : (low * high).squareRoot()
            guard abs(next - inverse) > 1e-12 * inverse else { break }
            inverse = next
        }
        try self.init(temperature: 1 / inverse)
    }

    /// The first and the second derivative of the mean loss by the inverse temperature: the mean over samples of the expected
    /// logit less that of the label, and of the logits' variance.
    private static func derivatives(_ samples: ScoredSamples, at inverse: Double) -> (Double, Double) {
        var slope = 0.0, curvature = 0.0
        for (sample, label) in samples.labels.enumerated() {
            let row = samples.row(sample), largest = Double(row.max() ?? 0)
            var sum = 0.0, first = 0.0, second = 0.0
            for value in row {
                let distance = Double(value) - largest, weight = exp(distance * inverse)
                sum += weight
                first += weight * distance
                second += weight * distance * distance
            }
            let mean = first / sum
            slope += mean - (Double(row[row.startIndex + label]) - largest)
            curvature += second / sum - mean * mean
        }
        return (slope / Double(samples.count), curvature / Double(samples.count))
    }

    /// Calibrated probabilities of logits: `[…, classes]`, softmax along the last axis.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no axis of classes.
    public func probabilities(ofLogits logits: Tensor) throws -> Tensor {
        guard let classCount = logits.shape.last, classCount >= 1 else {
            throw ConvNetError(
                .shape,
                "Probabilities need an axis of classes",
                at: "TemperatureScaling",
                expected: "[..., classes]",
                received: "\(logits.shape)"
            )
        }
        let elements = logits.elements
        return try Tensor(shape: logits.shape) { values in
            for start in stride(from: 0, to: elements.count, by: classCount) {
                let row = elements[start..<(start + classCount)].map { Double($0) / temperature }
                let largest = row.max() ?? 0
                let weights = row.map { exp($0 - largest) }, sum = weights.reduce(0, +)
                for (place, weight) in weights.enumerated() { values[start + place] = Float(weight / sum) }
            }
        }
    }

    /// Calibrated probabilities of probabilities: `[…, classes]`.
    ///
    /// - Throws: as for logits.
    public func probabilities(of probabilities: Tensor) throws -> Tensor {
        try self.probabilities(ofLogits: Self.logits(of: probabilities))
    }

    /// The logarithms; those of 0 stay finite.
    private static func logits(of probabilities: Tensor) -> Tensor {
        probabilities.map { Foundation.log(max($0, 1e-30)) }
    }
}
