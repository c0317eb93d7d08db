/// The metrics that Keras has of losses.
extension Metric where Self == LossMetric {
    /// The mean of squared differences: the loss `MeanSquaredError` as a metric.
    public static func meanSquaredError() -> Self {
        LossMetric(MeanSquaredError())
    }

    /// The mean of squared differences: the loss `MeanSquaredError` as a metric.
    public static func mse() -> Self {
        LossMetric(MeanSquaredError())
    }

    /// The mean of absolute differences: the loss `MeanAbsoluteError` as a metric.
    public static func meanAbsoluteError() -> Self {
        LossMetric(MeanAbsoluteError())
    }

    /// The mean of absolute differences: the loss `MeanAbsoluteError` as a metric.
    public static func mae() -> Self {
        LossMetric(MeanAbsoluteError())
    }

    /// The mean of absolute differences, in percent of the targets: the loss `MeanAbsolutePercentageError` as a metric.
    public static func meanAbsolutePercentageError() -> Self {
        LossMetric(MeanAbsolutePercentageError())
    }

    /// The mean of absolute differences, in percent of the targets: the loss `MeanAbsolutePercentageError` as a metric.
    public static func mape() -> Self {
        LossMetric(MeanAbsolutePercentageError())
    }

    /// The mean of squared differences of logarithms: the loss `MeanSquaredLogarithmicError` as a metric.
    public static func meanSquaredLogarithmicError() -> Self {
        LossMetric(MeanSquaredLogarithmicError())
    }

    /// The mean of squared differences of logarithms: the loss `MeanSquaredLogarithmicError` as a metric.
    public static func msle() -> Self {
        LossMetric(MeanSquaredLogarithmicError())
    }

    /// The cosine of the angle between targets and predictions, 1 for the same direction: the loss `CosineSimilarity` as a metric.
    public static func cosineSimilarity(axis: Int = -1) -> Self {
        LossMetric(CosineSimilarity(axis: axis), isNegated: true)
    }

    /// The mean of `log(cosh(prediction - target))`: the loss `LogCosh` as a metric.
    public static func logCoshError() -> Self {
        LossMetric(LogCosh(), name: "logcosh")
    }

    /// The mean of `max(0, 1 - target · prediction)`: the loss `Hinge` as a metric.
    public static func hinge() -> Self {
        LossMetric(Hinge())
    }

    /// The mean of the squares of `max(0, 1 - target · prediction)`: the loss `SquaredHinge` as a metric.
    public static func squaredHinge() -> Self {
        LossMetric(SquaredHinge())
    }

    /// How far the largest prediction of another class comes near that of the target's class: the loss `CategoricalHinge` as a metric.
    public static func categoricalHinge() -> Self {
        LossMetric(CategoricalHinge())
    }

    /// The Kullback-Leibler divergence of predicted from target probabilities: the loss `KLDivergence` as a metric.
    public static func klDivergence() -> Self {
        LossMetric(KLDivergence())
    }

    /// The mean of `prediction - target · log(prediction)`: the loss `Poisson` as a metric.
    public static func poisson() -> Self {
        LossMetric(Poisson())
    }

    /// Cross-entropy of yes-or-no questions: the loss `BinaryCrossentropy` as a metric.
    public static func binaryCrossentropy(fromLogits: Bool = false, labelSmoothing: Float = 0) -> Self {
        LossMetric(BinaryCrossentropy(fromLogits: fromLogits, labelSmoothing: labelSmoothing))
    }

    /// Cross-entropy between target and predicted probabilities: the loss `CategoricalCrossentropy` as a metric.
    public static func categoricalCrossentropy(fromLogits: Bool = false, labelSmoothing: Float = 0) -> Self {
        LossMetric(CategoricalCrossentropy(fromLogits: fromLogits, labelSmoothing: labelSmoothing))
    }

    /// Cross-entropy between integer classes and predictions; places of the ignored class count as 0: the loss `SparseCategoricalCrossentropy` as a metric.
    public static func sparseCategoricalCrossentropy(fromLogits: Bool = false, ignoreClass: Int? = nil)
        -> Self
    {
        LossMetric(SparseCategoricalCrossentropy(fromLogits: fromLogits, ignoreClass: ignoreClass))
    }
}
