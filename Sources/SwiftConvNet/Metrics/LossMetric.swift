/// A loss as a metric: its mean over samples, weighted by their weights.
///
/// Keras has metrics of the names of losses; here `.meanSquaredError()` is either, and any loss can be a metric.
///
/// ```swift
/// try model.compile(loss: .mse(), metrics: [.mae(), LossMetric(Huber(delta: 0.5))])
/// ```
///
/// The `reduction` of the loss does not count. A loss that compares samples, such as `Dice`, sees each sample alone.
public struct LossMetric: MeanMetric {
    public static let kind = "LossMetric"
    public let loss: any Loss
    public let name: String
    /// Whether the value is reported with the opposite sign, so that more is better: the metric `.cosineSimilarity()`.
    public let isNegated: Bool
    /// Computes a loss that is made of operators, once shapes are known.
    private var computation: LossComputation?
    public var isBetterWhenHigher: Bool { isNegated }

    /// The loss as a metric.
    ///
    /// - Parameters:
    ///   - loss: the loss.
    ///   - name: the name under which it is reported; `nil` for the loss's kind in snake case: `mean_squared_error`; a `LambdaLoss` has a
    ///     name of its own.
    ///   - isNegated: whether the value is reported with the opposite sign, so that more is better.
    public init(_ loss: any Loss, name: String? = nil, isNegated: Bool = false) {
        self.loss = loss
        self.name = name ?? (loss as? LambdaLoss)?.name ?? snakeCase(type(of: loss).kind)
        self.isNegated = isNegated
    }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        do { try loss.validate(output: output, targets: targets) } catch let error as ConvNetError {
            throw error.located(at: "the metric \(name)")
        }
        guard let loss = loss as? any OperatorLoss else { return self }
        var metric = self
        metric.computation = try LossComputation(loss, output: output, targets: targets)
        return metric
    }

    public func value(_ sample: MetricSample) -> Double {
        let sample = LossSample(
            prediction: sample.prediction,
            logits: nil,
            shape: sample.shape,
            label: sample.label,
            target: sample.target,
            gradient: nil,
            scale: 0
        )
        let value = computation?(sample) ?? loss.evaluate(sample)
        return Double(isNegated ? -value : value)
    }
}

extension LossMetric: Codable {
    private enum CodingKeys: String, CodingKey { case loss, name, isNegated }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        loss = try OpenSet.losses.decode(from: container.superDecoder(forKey: .loss))
        name = try container.decode(String.self, forKey: .name)
        isNegated = try container.decode(Bool.self, forKey: .isNegated)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try OpenSet.losses.encode(loss, to: container.superEncoder(forKey: .loss))
        try container.encode(name, forKey: .name)
        try container.encode(isNegated, forKey: .isNegated)
    }
}
