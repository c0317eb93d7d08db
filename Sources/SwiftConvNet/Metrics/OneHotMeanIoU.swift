/// The intersection of one-hot targets and predictions over their union: the mean over all classes.
///
/// Predictions are `[…, classes]`, a value for each class, of which the largest counts; with `sparseYPred` class numbers. Targets are a `Tensor` `[…, classes]`.
/// Numbers that are no class do not count. Keras' `axis` is the last one. Weights count as they are; Keras cuts off their fractions.
public struct OneHotMeanIoU: Metric, Hashable {
    public static let kind = "OneHotMeanIoU"
    /// The number of classes, at least 1.
    public let numClasses: Int
    public let name: String
    /// A class of targets whose places do not count; `nil` for none.
    public let ignoreClass: Int?
    /// Whether predictions are class numbers rather than rows.
    public let sparseYPred: Bool
    private var overlap = ClassOverlap()

    private enum CodingKeys: String, CodingKey { case numClasses, name, ignoreClass, sparseYPred }

    /// The metric.
    ///
    /// - Parameters:
    ///   - numClasses: the number of classes, at least 1.
    ///   - name: the name under which it is reported.
    ///   - ignoreClass: a class of targets whose places do not count; `nil` for none.
    ///   - sparseYPred: whether predictions are class numbers rather than rows.
    public init(
        numClasses: Int,
        name: String = "one_hot_mean_io_u",
        ignoreClass: Int? = nil,
        sparseYPred: Bool = false
    ) {
        self.numClasses = numClasses
        self.name = name
        self.ignoreClass = ignoreClass
        self.sparseYPred = sparseYPred
    }

    public var stateCount: Int { overlap.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.overlap = try ClassOverlap(
            numClasses: numClasses,
            ignoreClass: ignoreClass,
            sparseYTrue: false,
            sparseYPred: sparseYPred,
            output: output,
            targets: targets,
            metric: name
        )
        return metric
    }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        overlap.update(&state, with: sample)
    }

    public func result(_ state: [Double]) -> Double { overlap.result(state) }
}

extension Metric where Self == OneHotMeanIoU {
    /// Intersection over union: `OneHotMeanIoU`.
    public static func oneHotMeanIoU(
        numClasses: Int,
        ignoreClass: Int? = nil,
        sparseYPred: Bool = false
    ) -> Self {
        OneHotMeanIoU(
            numClasses: numClasses,
            ignoreClass: ignoreClass,
            sparseYPred: sparseYPred
        )
    }
}
