extension ConfusionMatrix {
    /// Per class, the number of its samples.
    public var support: [Int] { counts.map { $0.reduce(0, +) } }

    /// Per class, the harmonic mean of precision and recall; `nil` for a class that neither occurs nor was ever predicted.
    public var f1: [Double?] {
        let support = support
        return counts.indices.map { index in
            let predicted = counts.reduce(0) { $0 + $1[index] }
            let all = support[index] + predicted
            return all == 0 ? nil : 2 * Double(counts[index][index]) / Double(all)
        }
    }

    /// Precision, recall and F1, averaged over classes.
    public struct Average: Sendable, Hashable {
        /// The mean of the precisions.
        public var precision: Double
        /// The mean of the recalls.
        public var recall: Double
        /// The mean of the F1 scores.
        public var f1: Double
    }

    /// The means over the classes that occur or were predicted, all counting alike; a class without samples has a recall of 0, one that
    /// was never predicted a precision of 0. `nil` without samples. These are scikit-learn's `macro avg`.
    public var macroAverage: Average? {
        average { f1[$0] == nil ? 0 : 1 }
    }

    /// The means over classes, each weighted by the number of its samples; one that was never predicted has a precision of 0. `nil`
    /// without samples. These are scikit-learn's `weighted avg`.
    public var weightedAverage: Average? {
        let support = support
        return average { Double(support[$0]) }
    }

    private func average(_ weight: (_ classIndex: Int) -> Double) -> Average? {
        guard total > 0 else { return nil }
        let weights = counts.indices.map(weight), sum = weights.reduce(0, +)
        func mean(_ values: [Double?]) -> Double {
            zip(values, weights).reduce(0) { $0 + ($1.0 ?? 0) * $1.1 } / sum
        }
        return Average(precision: mean(precision), recall: mean(recall), f1: mean(f1))
    }

    /// Precision, recall and F1 of every class, as bars.
    ///
    /// - Parameter title: what stands above.
    public func scoreChart(title: String = "Scores by class") -> BarChart {
        func percent(_ values: [Double?]) -> [Double] { values.map { ($0 ?? .nan) * 100 } }
        return BarChart(
            title: title,
            valueAxis: "%",
            categories: classNames,
            series: [
                .init("precision", values: percent(precision)), .init("recall", values: percent(recall)),
                .init("F1", values: percent(f1)),
            ]
        )
    }
}
