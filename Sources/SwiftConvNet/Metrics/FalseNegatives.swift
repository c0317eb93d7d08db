/// How often no was predicted and wrong: yes is a prediction above the threshold. With weights, the sum of those.
///
/// Prediction of any shape, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there is one output.
/// There is one value for each threshold.
public struct FalseNegatives: Metric, Hashable {
    public static let kind = "FalseNegatives"
    /// In 0...1; `nil` for 0.5.
    public let thresholds: [Float]?
    public let name: String
    public let isBetterWhenHigher = false
    private var decisions = Decisions()

    private enum CodingKeys: String, CodingKey { case thresholds, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - thresholds: in 0...1; `nil` for 0.5. For training and evaluation one.
    ///   - name: the name under which it is reported.
    public init(thresholds: [Float]? = nil, name: String = "false_negatives") {
        self.thresholds = thresholds
        self.name = name
    }

    public var stateCount: Int { decisions.thresholds.count }
    public var valueCount: Int { decisions.thresholds.count }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.decisions = try Decisions(
            thresholds: thresholds,
            output: output,
            targets: targets,
            metric: name
        )
        return metric
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        decisions.forEach(sample) { isTrue, prediction in
            guard isTrue else { return }
            for index in state.indices where !decisions.isAbove(prediction, index) {
                state[index] += Double(sample.weight)
            }
        }
    }

    public func result(_ state: [Double]) -> Double { state.first ?? 0 }
    public func values(_ state: [Double]) -> [Double] { state }
}

extension Metric where Self == FalseNegatives {
    /// How often no was predicted and wrong: `FalseNegatives`.
    public static func falseNegatives(thresholds: [Float]? = nil) -> Self {
        FalseNegatives(thresholds: thresholds)
    }
}
