/// The share of samples that are predicted right; which kind is chosen by outputs and targets, as Keras does for
/// `"accuracy"`: binary for one output, sparse for integer classes, categorical else.
public struct Accuracy: Metric, Hashable {
    public static let kind = "Accuracy"
    public let name: String
    public let stateCount = 0

    /// The accuracy that fits the model.
    public init(name: String = "accuracy") { self.name = name }

    private enum CodingKeys: String, CodingKey { case name }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        SparseCategoricalAccuracy(name: name)
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {}
    public func result(_ state: [Double]) -> Double { .nan }
}

extension Metric where Self == Accuracy {
    /// The share of samples that are predicted right: `Accuracy`.
    public static var accuracy: Accuracy { Accuracy() }
}
