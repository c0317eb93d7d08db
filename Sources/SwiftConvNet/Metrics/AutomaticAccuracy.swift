/// The share of samples that are predicted right: Keras' string `"accuracy"`, and `.accuracy` here.
///
/// Outputs and targets choose the metric that stands in for this one, by Keras' rule: `BinaryAccuracy` for one output,
/// `SparseCategoricalAccuracy` for integer classes, `CategoricalAccuracy` else. `Accuracy` is another metric, as in
/// Keras.
public struct AutomaticAccuracy: Metric, Hashable {
    public static let kind = "AutomaticAccuracy"
    public let name: String
    /// Nothing: the metric that stands in for this one gathers.
    public var stateCount: Int { 0 }

    /// The accuracy that fits the model.
    public init(name: String = "accuracy") { self.name = name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        let metric: any Metric =
            if output.last == 1 {
                BinaryAccuracy(name: name)
            } else if targets.areClasses(of: output) {
                SparseCategoricalAccuracy(name: name)
            } else {
                CategoricalAccuracy(name: name)
            }
        return try metric.resolved(output: output, targets: targets)
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {}
    public func result(_ state: [Double]) -> Double { .nan }
}

extension Metric where Self == AutomaticAccuracy {
    /// The share of samples that are predicted right: `AutomaticAccuracy`.
    public static var accuracy: AutomaticAccuracy { AutomaticAccuracy() }
}
