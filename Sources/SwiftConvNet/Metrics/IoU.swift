/// The intersection of targets and predictions over their union, for some classes: the mean over these.
///
/// Predictions are class numbers, one for each place, unless `sparseYPred` is `false`: then they are `[…, classes]`, a value for each class, of which
/// the largest counts. Targets likewise: `Labels`, or a `Tensor` of class numbers, or with `sparseYTrue: false` of rows, such as one-hot classes.
/// Numbers that are no class do not count. Keras' `axis` is the last one. Weights count as they are; Keras cuts off their fractions.
public struct IoU: Metric, Hashable {
    public static let kind = "IoU"
    /// The number of classes, at least 1.
    public let numClasses: Int
    /// The classes that count.
    public let targetClassIds: [Int]
    public let name: String
    /// A class of targets whose places do not count; `nil` for none.
    public let ignoreClass: Int?
    /// Whether targets are class numbers rather than rows.
    public let sparseYTrue: Bool
    /// Whether predictions are class numbers rather than rows.
    public let sparseYPred: Bool
    private var overlap = ClassOverlap()

    private enum CodingKeys: String, CodingKey {
        case numClasses, targetClassIds, name, ignoreClass, sparseYTrue, sparseYPred
    }

    /// The metric.
    ///
    /// - Parameters:
    ///   - numClasses: the number of classes, at least 1.
    ///   - targetClassIds: the classes that count.
    ///   - name: the name under which it is reported.
    ///   - ignoreClass: a class of targets whose places do not count; `nil` for none.
    ///   - sparseYTrue: whether targets are class numbers rather than rows.
    ///   - sparseYPred: whether predictions are class numbers rather than rows.
    public init(
        numClasses: Int,
        targetClassIds: [Int],
        name: String = "io_u",
        ignoreClass: Int? = nil,
        sparseYTrue: Bool = true,
        sparseYPred: Bool = true
    ) {
        self.numClasses = numClasses
        self.targetClassIds = targetClassIds
        self.name = name
        self.ignoreClass = ignoreClass
        self.sparseYTrue = sparseYTrue
        self.sparseYPred = sparseYPred
    }

    public var stateCount: Int { overlap.stateCount }

    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric {
        var metric = self
        metric.overlap = try ClassOverlap(
            numClasses: numClasses,
            targetClassIds: targetClassIds,
            ignoreClass: ignoreClass,
            sparseYTrue: sparseYTrue,
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

extension Metric where Self == IoU {
    /// Intersection over union: `IoU`.
    public static func ioU(
        numClasses: Int,
        targetClassIds: [Int],
        ignoreClass: Int? = nil,
        sparseYTrue: Bool = true,
        sparseYPred: Bool = true
    ) -> Self {
        IoU(
            numClasses: numClasses,
            targetClassIds: targetClassIds,
            ignoreClass: ignoreClass,
            sparseYTrue: sparseYTrue,
            sparseYPred: sparseYPred
        )
    }
}
