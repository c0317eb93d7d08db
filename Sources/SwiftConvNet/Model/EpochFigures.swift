/// Gathers loss and metrics over the batches of an epoch or an evaluation.
struct EpochFigures {
    private let metrics: [any Metric]
    private let names: [String]
    private var states: [[Double]]
    private var lossSum = 0.0
    private var sampleCount = 0
    /// The batches that were left out.
    var skippedBatches = 0

    /// - Throws: what a metric throws that cannot compare such outputs with such targets.
    init(_ metrics: [any Metric], output: Shape, targets: TargetKind) throws {
        self.metrics = try metrics.map { try $0.resolved(output: output, targets: targets) }
        names = ["loss"] + metrics.map(\.name)
        states = self.metrics.map { Array(repeating: 0, count: $0.stateCount) }
    }

    /// Takes the batch at hand into account; losses are added up in the order of the samples.
    mutating func update(_ batch: BatchBuffers, predictions: UnsafeBufferPointer<Float>, shape: Shape) {
        let count = shape.elementCount
        for sample in 0..<batch.count {
            lossSum += Double(batch.losses[sample])
            let row = UnsafeBufferPointer(rebasing: predictions[(sample * count)..<((sample + 1) * count)])
            let metricSample = MetricSample(
                prediction: row, shape: shape, label: Int(batch.labels[sample]),
                target: UnsafeBufferPointer(batch.target(of: sample)))
            for index in metrics.indices { metrics[index].update(&states[index], with: metricSample) }
        }
        sampleCount += batch.count
    }

    /// The figures so far.
    var values: MetricValues {
        let loss = sampleCount > 0 ? lossSum / Double(sampleCount) : 0
        return MetricValues(names: names, values: [loss] + zip(metrics, states).map { $0.result($1) })
    }
}

extension EpochFigures {
    /// What has been gathered, exactly, as a checkpoint keeps it.
    struct Progress: Sendable, Hashable, Codable {
        var lossSum: ExactNumber
        var sampleCount: Int
        var skippedBatches: Int
        /// The numbers of each metric.
        var states: [[ExactNumber]]
    }

    var progress: Progress {
        Progress(
            lossSum: ExactNumber(lossSum), sampleCount: sampleCount, skippedBatches: skippedBatches,
            states: states.map { $0.map { ExactNumber($0) } })
    }

    /// Goes on from what was gathered before.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the metrics gather another number of numbers.
    mutating func resume(_ progress: Progress) throws {
        guard progress.states.map(\.count) == states.map(\.count) else {
            throw ConvNetError(
                .format, "The checkpoint's metrics have gathered other numbers than this model's",
                expected: "\(states.map(\.count))", received: "\(progress.states.map(\.count))")
        }
        lossSum = progress.lossSum.value
        sampleCount = progress.sampleCount
        skippedBatches = progress.skippedBatches
        states = progress.states.map { $0.map(\.value) }
    }
}
