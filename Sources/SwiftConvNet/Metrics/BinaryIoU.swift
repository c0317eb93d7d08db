/// The intersection of targets and predictions over their union, for yes and no: the mean over these.
///
/// Prediction of any shape, and a `Tensor` of as many targets, 0 or 1, per sample; `Labels` of 0 and 1 if there is one output. Yes, class 1, is a
/// prediction from the threshold on. Weights count as they are; Keras cuts off their fractions.
public struct BinaryIoU: Metric, Hashable {
    public static let kind = "BinaryIoU"
    /// The classes that count.
    public let targetClassIds: [Int]
    /// From which prediction on the answer is yes.
    public let threshold: Float
    public let name: String
    private var overlap = ClassOverlap()

    private enum CodingKeys: String, CodingKey { case targetClassIds, threshold, name }

    /// The metric.
    ///
    /// - Parameters:
    ///   - targetClassIds: the classes that count.
    ///   - threshold: from which prediction on the answer is yes.
    ///   - name: the name under which it is reported.
    public init(
        targetClassIds: [Int] = [0, 1],
        threshold: Float = 0.5,
        name: String = "binary_io_u"
    ) {
        self.targetClassIds = targetClassIds
        self.threshold = threshold
        self.name = name
    }

    public var stateCount: Int { overlap.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.overlap = try ClassOverlap(
            numClasses: 2,
            targetClassIds: targetClassIds,
            output: output,
            targets: targets,
            metric: name
        )
        return metric
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        overlap.update(&state, with: sample) { $0 >= threshold ? 1 : 0 }
    }

    public func result(_ state: [Double]) -> Double { overlap.result(state) }
}

extension Metric where Self == BinaryIoU {
    /// Intersection over union: `BinaryIoU`.
    public static func binaryIoU(
        targetClassIds: [Int] = [0, 1],
        threshold: Float = 0.5
    ) -> Self {
        BinaryIoU(
            targetClassIds: targetClassIds,
            threshold: threshold
        )
    }
}
