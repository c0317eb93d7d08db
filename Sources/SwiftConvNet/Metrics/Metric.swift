/// A figure that tells how good predictions are, gathered over the samples of an epoch.
///
/// What has been gathered is a list of numbers, so that it can be kept in a checkpoint, and added up over
/// machines.
public protocol Metric: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }
    /// The name under which the figure is reported: `accuracy`.
    var name: String { get }
    /// How many numbers are gathered, all zero at first.
    var stateCount: Int { get }
    /// Whether more is better, for callbacks that watch the figure.
    var isBetterWhenHigher: Bool { get }

    /// The metric that stands in for this one with such outputs and targets; the default is itself.
    ///
    /// - Throws: `ConvNetError` if the metric cannot compare them.
    func resolved(output: Shape, targets: TargetKind) throws -> any Metric

    /// Takes one sample into account.
    func update(_ state: inout [Double], with sample: MetricSample)
    /// The figure, from what has been gathered.
    func result(_ state: [Double]) -> Double
}

extension Metric {
    public var isBetterWhenHigher: Bool { true }
    public func resolved(output: Shape, targets: TargetKind) throws -> any Metric { self }
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
}

/// A metric that is the mean over samples of one number each.
public protocol MeanMetric: Metric {
    /// The number of one sample.
    func value(_ sample: MetricSample) -> Double
}

extension MeanMetric {
    public var stateCount: Int { 2 }

    public func update(_ state: inout [Double], with sample: MetricSample) {
        state[0] += value(sample)
        state[1] += 1
    }

    public func result(_ state: [Double]) -> Double { state[1] > 0 ? state[0] / state[1] : 0 }
}
