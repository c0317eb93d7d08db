/// A figure that tells how good predictions are, gathered over the samples of an epoch.
///
/// What has been gathered is a list of numbers, so that it can be kept in a checkpoint, and added up over
/// machines.
public protocol Metric: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }
    /// The name under which the figure is reported: `accuracy`.
    var name: String { get }
    /// How many numbers are gathered, all zero at first. What is gathered of several parts of the data can be added up.
    var stateCount: Int { get }
    /// How many values the metric reports, one for each threshold or class, say. The default is 1. Training and evaluation report
    /// metrics of one value; `values`, called on arrays, returns several.
    var valueCount: Int { get }
    /// Whether more is better, for callbacks that watch the figure.
    var isBetterWhenHigher: Bool { get }

    /// The metric that stands in for this one with such outputs and targets; the default is itself.
    ///
    /// - Throws: `ConvNetError` if the metric cannot compare them.
    func resolved(output: Shape, targets: TargetKind) throws -> any Metric

    /// Takes one sample into account.
    func update(_ state: inout [Double], with sample: MetricSample)
    /// The figure, from what has been gathered; of several values the first.
    func result(_ state: [Double]) -> Double
    /// All values, from what has been gathered. The default is the figure alone.
    func values(_ state: [Double]) -> [Double]
}

extension Metric {
    public var isBetterWhenHigher: Bool { true }
    public var valueCount: Int { 1 }
    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric { self }
    public func values(_ state: [Double]) -> [Double] { [result(state)] }

    /// The metric that stands in for this one, if it reports one value.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it reports several; what `resolved` throws.
    func resolvedToOneValue(output: Shape, targets: TargetKind) throws -> any Metric {
        let metric = try resolved(output: output, targets: targets)
        guard metric.valueCount == 1 else {
            throw ConvNetError(
                .argument,
                "The metric \(name) reports \(metric.valueCount) values",
                at: "metrics",
                expected: "one value",
                received: "one for each threshold or class",
                remedy: "Give it one threshold, or an average; call values(_:_:) on arrays for all of them"
            )
        }
        return metric
    }
}

/// One sample, as a metric sees it.
public struct MetricSample {
    /// What the model predicts.
    public let prediction: UnsafeBufferPointer<Float>
    /// The shape of the prediction, without the batch axis.
    public let shape: Shape
    /// The class, if targets are classes.
    public let label: Int
    /// The target values, if targets are values; else empty.
    public let target: UnsafeBufferPointer<Float>
    /// How much the sample counts: its weight for a metric among `weightedMetrics`, else 1.
    public let weight: Float

    init(
        prediction: UnsafeBufferPointer<Float>,
        shape: Shape,
        label: Int,
        target: UnsafeBufferPointer<Float>,
        weight: Float
    ) {
        self.prediction = prediction
        self.shape = shape
        self.label = label
        self.target = target
        self.weight = weight
    }

    /// The target value at a place of the prediction; the class, as a number, if targets are classes.
    public func target(at place: Int) -> Float { target.isEmpty ? Float(label) : target[place] }
}

/// A metric that is the mean over samples of one number each, weighted by the samples' weights.
public protocol MeanMetric: Metric {
    /// The number of one sample.
    func value(_ sample: MetricSample) -> Double
}

extension MeanMetric {
    public var stateCount: Int { 2 }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        let weight = Double(sample.weight)
        state[0] += weight * value(sample)
        state[1] += weight
    }

    public func result(_ state: [Double]) -> Double { state[1] > 0 ? state[0] / state[1] : 0 }
}
