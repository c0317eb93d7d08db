/// A metric by a closure: the mean over samples of what it returns, weighted by their weights, as for a function that Keras takes as a
/// metric.
///
/// ```swift
/// let near = LambdaMetric(name: "near") { sample in
///     abs(sample.prediction[0] - sample.target(at: 0)) < 0.5 ? 1 : 0
/// }
/// try model.compile(loss: .mse(), metrics: [near])
/// ```
///
/// The closure sees the numbers of one sample. `LossMetric(LambdaLoss { ... })` makes a metric of a closure over operators.
///
/// A closure cannot be in a file: saving a compiled model with such a metric throws. What is to be saved is a type of its own that
/// conforms to `MeanMetric`.
public struct LambdaMetric: MeanMetric {
    /// `LambdaMetric`.
    public static let kind = "LambdaMetric"
    /// The name under which it is reported.
    public let name: String
    /// Whether more is better.
    public let isBetterWhenHigher: Bool
    private let function: @Sendable (MetricSample) -> Double

    /// The metric.
    ///
    /// - Parameters:
    ///   - name: the name under which it is reported.
    ///   - isBetterWhenHigher: whether more is better, for callbacks that watch the metric.
    ///   - function: the number of one sample.
    public init(
        name: String,
        isBetterWhenHigher: Bool = true,
        _ function: @escaping @Sendable (_ sample: MetricSample) -> Double
    ) {
        self.name = name
        self.isBetterWhenHigher = isBetterWhenHigher
        self.function = function
    }

    public func value(_ sample: MetricSample) -> Double { function(sample) }

    /// Throws: a closure is in no file.
    ///
    /// - Throws: `ConvNetError` of kind `argument`.
    public func encode(to encoder: any Encoder) throws { throw Self.notInAFile(name) }

    /// Throws: a closure is in no file.
    ///
    /// - Throws: `ConvNetError` of kind `argument`.
    public init(from decoder: any Decoder) throws { throw Self.notInAFile(nil) }

    private static func notInAFile(_ name: String?) -> ConvNetError {
        .closure(
            kind,
            at: name.map { "the metric \($0)" },
            others: "metrics",
            replacement: "MeanMetric"
        )
    }
}
