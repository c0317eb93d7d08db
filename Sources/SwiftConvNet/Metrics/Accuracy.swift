/// The share of samples that are predicted right; which kind is chosen by outputs and targets, as Keras does for
/// `"accuracy"`: binary for one output, sparse for integer classes, categorical else.
public struct Accuracy: Metric, Hashable {
    public static let kind = "Accuracy"
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

extension Metric where Self == Accuracy {
    /// The share of samples that are predicted right: `Accuracy`.
    public static var accuracy: Accuracy { Accuracy() }
}
