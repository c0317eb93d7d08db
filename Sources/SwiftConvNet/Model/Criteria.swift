/// A metric of an output, as the user named it.
struct CompiledMetric {
    let metric: any Metric
    /// Whether the weights of samples count.
    let isWeighted: Bool

    /// Metrics that count all samples alike, then those that count their weights: Keras' order.
    static func list(_ metrics: [any Metric], weighted: [any Metric]) -> [CompiledMetric] {
        metrics.map { CompiledMetric(metric: $0, isWeighted: false) }
            + weighted.map { CompiledMetric(metric: $0, isWeighted: true) }
    }
}

/// How a model is judged: losses of its outputs, and metrics.
struct Criteria {
    let objective: Objective
    /// For each output.
    let metrics: [[CompiledMetric]]

    /// The same loss and metrics for every output.
    init(
        loss: any Loss,
        metrics: [any Metric],
        weightedMetrics: [any Metric] = [],
        outputCount: Int
    ) {
        objective = Objective((0..<outputCount).map { Objective.Term(output: $0, loss: loss) })
        self.metrics = Array(
            repeating: CompiledMetric.list(metrics, weighted: weightedMetrics),
            count: outputCount
        )
    }

    /// Losses and metrics by the names of outputs.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for a name that no output has, no loss at all, or a weight that is not finite.
    init(
        losses: [String: any Loss],
        weights: [String: Float],
        metrics: [String: [any Metric]],
        weightedMetrics: [String: [any Metric]] = [:],
        outputs names: [String]
    ) throws {
        for (argument, keys) in [
            ("losses", Array(losses.keys)), ("lossWeights", Array(weights.keys)),
            ("metrics", Array(metrics.keys)), ("weightedMetrics", Array(weightedMetrics.keys)),
        ] {
            guard let odd = keys.filter({ !names.contains($0) }).min() else { continue }
            throw ConvNetError(
                .argument,
                "The model has no output of this name",
                at: argument,
                expected: "one of \(names.joined(separator: ", "))",
                received: "\"\(odd)\""
            )
        }
        guard !losses.isEmpty else {
            throw ConvNetError(
                .argument,
                "A model needs a loss",
                at: "losses",
                expected: "a loss for at least one of \(names.joined(separator: ", "))",
                received: "none"
            )
        }
        if let odd = weights.keys.filter({ losses[$0] == nil }).min() {
            throw ConvNetError(
                .argument,
                "There is a weight of a loss that there is not",
                at: "lossWeights",
                expected: "outputs with a loss: \(losses.keys.sorted().joined(separator: ", "))",
                received: "\"\(odd)\""
            )
        }
        if let odd = weights.first(where: { !$0.value.isFinite }) {
            throw ConvNetError(
                .argument,
                "The weight of a loss is not finite",
                at: "lossWeights, \(odd.key)",
                received: "\(odd.value)"
            )
        }
        objective = Objective(
            names.enumerated().compactMap { index, name in
                losses[name].map {
                    Objective.Term(output: index, loss: $0, factor: weights[name] ?? 1)
                }
            }
        )
        self.metrics = names.map {
            CompiledMetric.list(metrics[$0] ?? [], weighted: weightedMetrics[$0] ?? [])
        }
    }

    init(objective: Objective, metrics: [[CompiledMetric]]) {
        self.objective = objective
        self.metrics = metrics
    }

    /// Without metrics.
    var withoutMetrics: Criteria {
        Criteria(objective: objective, metrics: Array(repeating: [], count: metrics.count))
    }

    /// The names under which figures are reported. As in Keras, a model with several outputs reports the loss of each, and has
    /// the output's name before a metric's; a weighted metric with the name of one that is not is `weighted_accuracy`.
    func names(outputs: [String]) -> [String] {
        func names(_ metrics: [CompiledMetric]) -> [String] {
            let plain = Set(metrics.lazy.filter { !$0.isWeighted }.map(\.metric.name))
            return metrics.map { compiled in
                let name = compiled.metric.name
                return compiled.isWeighted && plain.contains(name) ? "weighted_\(name)" : name
            }
        }
        guard outputs.count > 1 else { return ["loss"] + metrics.flatMap(names) }
        return ["loss"] + objective.terms.map { "\(outputs[$0.output])_loss" }
            + zip(outputs, metrics).flatMap { output, metrics in names(metrics).map { "\(output)_\($0)" } }
    }

    /// Whether a loss is reported under a name: the total, or that of an output.
    func isLoss(_ name: String, outputs: [String]) -> Bool {
        names(outputs: outputs).dropLast(metrics.joined().count).contains(name)
    }

    /// The metric that is reported under a name.
    func metric(named name: String, outputs: [String]) -> (any Metric)? {
        let all = Array(metrics.joined())
        let names = Array(names(outputs: outputs).suffix(all.count))
        return names.firstIndex(of: name).map { all[$0].metric }
    }
}
