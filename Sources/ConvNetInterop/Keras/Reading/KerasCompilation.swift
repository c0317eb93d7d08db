import SwiftConvNet

/// How a Keras file says that its model is trained.
struct KerasCompilation {
    let optimizer: any Optimizer
    let update: UpdateRule
    /// By the index of the output.
    let losses: [Int: any Loss]
    let lossWeights: [Int: Float]
    let metrics: [[any Metric]], weightedMetrics: [[any Metric]]

    /// Reads a compile configuration of Keras 3, or the training configuration of Keras 2.
    ///
    /// - Parameter collect: gets the errors for what is not supported.
    /// - Returns: `nil` if the model is not compiled, or a part of it is not supported.
    init?(_ config: JSONValue, outputs names: [String], collect: (any Error, String) -> Void) {
        let optimizer = config["optimizer"] == .null ? config["optimizer_config"] : config["optimizer"]
        guard optimizer != .null, config["loss"] != .null else { return nil }
        var isComplete = true
        func attempt<Value>(_ place: String, _ body: () throws -> Value) -> Value? {
            do { return try body() } catch {
                collect(error, place)
                isComplete = false
                return nil
            }
        }
        let rule = attempt("compile_config, optimizer") {
            try KerasOptimizers.optimizer(optimizer, at: "compile_config, optimizer")
        }
        var losses: [Int: any Loss] = [:], weights: [Int: Float] = [:]
        for (index, value) in Self.byOutput(config["loss"], names) where value != .null {
            losses[index] = attempt("compile_config, loss") {
                try KerasLosses.loss(value, at: "compile_config, loss")
            }
        }
        for (index, value) in Self.byOutput(config["loss_weights"], names) {
            if let number = value.number { weights[index] = Float(number) }
        }
        func metrics(_ key: String) -> [[any Metric]] {
            Self.metricsByOutput(config[key], names).map { list in
                list.compactMap { value in
                    attempt("compile_config, \(key)") {
                        try KerasMetrics.metric(value, at: "compile_config, \(key)")
                    }
                }
            }
        }
        self.metrics = metrics("metrics")
        weightedMetrics = metrics("weighted_metrics")
        self.losses = losses
        lossWeights = weights.filter { losses[$0.key] != nil }
        update = KerasOptimizers.update(optimizer["config"])
        guard isComplete, let rule, !losses.isEmpty else { return nil }
        self.optimizer = rule
    }

    /// Values of outputs: one for all, a list, or a dictionary by name.
    private static func byOutput(_ value: JSONValue, _ names: [String]) -> [(Int, JSONValue)] {
        if value == .null { return [] }
        if let list = value.list {
            return Array(list.prefix(names.count).enumerated()).map { ($0.offset, $0.element) }
        }
        if value["class_name"] == .null, !value.members.isEmpty {
            return names.enumerated().compactMap { index, name in value.members[name].map { (index, $0) } }
        }
        return names.indices.map { ($0, value) }
    }

    /// The metrics of each output: one list for all, a list of lists, or a dictionary.
    private static func metricsByOutput(_ value: JSONValue, _ names: [String]) -> [[JSONValue]] {
        func own(_ value: JSONValue) -> [JSONValue] { value == .null ? [] : value.list ?? [value] }
        if value == .null { return names.map { _ in [] } }
        if let list = value.list {
            // With several outputs a flat list has one entry for each.
            let isNested = list.contains { $0.list != nil } || names.count > 1 && list.count == names.count
            guard isNested else { return names.map { _ in list } }
            return names.indices.map { $0 < list.count ? own(list[$0]) : [] }
        }
        if value["class_name"] == .null, !value.members.isEmpty { return names.map { own(value[$0]) } }
        return names.map { _ in own(value) }
    }

    /// Compiles a model.
    ///
    /// - Throws: what `compile` throws.
    func apply(to model: Model) throws {
        let names = model.outputNames
        if names.count == 1, let loss = losses[0], lossWeights[0] ?? 1 == 1 {
            return try model.compile(
                optimizer: optimizer,
                loss: loss,
                metrics: metrics[0],
                weightedMetrics: weightedMetrics[0],
                update: update
            )
        }
        func byName<Value>(_ values: [Int: Value]) -> [String: Value] {
            Dictionary(values.map { (names[$0.key], $0.value) }) { first, _ in first }
        }
        try model.compile(
            optimizer: optimizer,
            losses: byName(losses),
            lossWeights: byName(lossWeights),
            metrics: Dictionary(zip(names, metrics)) { first, _ in first },
            weightedMetrics: Dictionary(zip(names, weightedMetrics)) { first, _ in first },
            update: update
        )
    }
}
