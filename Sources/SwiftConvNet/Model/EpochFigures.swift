/// Gathers losses and metrics over the batches of an epoch or an evaluation.
struct EpochFigures {
    /// A metric of an output.
    private struct Judge {
        let metric: any Metric
        let output: Int
        let isWeighted: Bool
    }

    private let judges: [Judge]
    private let names: [String]
    private let shapes: [Shape]
    /// Whether the losses of outputs are reported, too.
    private let termCount: Int
    private var states: [[Double]]
    private var lossSum = 0.0
    private var termSums: [Double]
    private var sampleCount = 0
    /// The batches that were left out.
    var skippedBatches = 0

    /// - Throws: what a metric throws that cannot compare such outputs with such targets; `ConvNetError` of kind `argument` for one
    ///   that reports several values.
    init(_ criteria: Criteria, of graph: Graph, _ feed: Feed) throws {
        let shapes = feed.outputShapes
        judges = try criteria.metrics.enumerated().flatMap { output, metrics in
            try metrics.map {
                Judge(
                    metric: try $0.metric.resolvedToOneValue(
                        output: shapes[output],
                        targets: feed.targets[output].kind
                    ),
                    output: output,
                    isWeighted: $0.isWeighted
                )
            }
        }
        self.shapes = shapes
        names = criteria.names(outputs: graph.outputNames)
        termCount = shapes.count > 1 ? criteria.objective.terms.count : 0
        states = judges.map { Array(repeating: 0, count: $0.metric.stateCount) }
        termSums = Array(repeating: 0, count: termCount)
    }

    /// Takes the batch at hand into account; losses are added up in the order of the samples.
    ///
    /// - Parameters:
    ///   - penalty: for the parameters, a part of the total loss.
    ///   - predictions: those of an output.
    mutating func update(
        _ batch: BatchBuffers,
        penalty: Double,
        predictions: (Int) -> UnsafeBufferPointer<Float>
    ) {
        lossSum += penalty * Double(batch.count)
        for sample in 0..<batch.count { lossSum += Double(batch.losses[sample]) }
        for term in 0..<termCount {
            for loss in batch.losses(ofTerm: term) { termSums[term] += Double(loss) }
        }
        for (index, judge) in judges.enumerated() {
            let shape = shapes[judge.output], count = shape.elementCount
            let predictions = predictions(judge.output)
            for sample in 0..<batch.count {
                judge.metric.update(
                    &states[index],
                    with: MetricSample(
                        prediction: UnsafeBufferPointer(
                            rebasing: predictions[(sample * count)..<((sample + 1) * count)]
                        ),
                        shape: shape,
                        label: batch.label(judge.output, of: sample),
                        target: UnsafeBufferPointer(batch.target(judge.output, of: sample)),
                        weight: judge.isWeighted ? batch.weights[sample] : 1
                    )
                )
            }
        }
        sampleCount += batch.count
    }

    /// The figures so far.
    var values: MetricValues {
        let losses = ([lossSum] + termSums).map { sampleCount > 0 ? $0 / Double(sampleCount) : 0 }
        return MetricValues(names: names, values: losses + zip(judges, states).map { $0.metric.result($1) })
    }
}

extension EpochFigures {
    /// What has been gathered, exactly, as a checkpoint keeps it.
    struct Progress: Sendable, Hashable, Codable {
        var lossSum: ExactNumber
        /// Of the outputs, if there are several.
        var termSums: [ExactNumber]
        var sampleCount: Int
        var skippedBatches: Int
        /// The numbers of each metric.
        var states: [[ExactNumber]]
    }

    var progress: Progress {
        Progress(
            lossSum: ExactNumber(lossSum),
            termSums: termSums.map { ExactNumber($0) },
            sampleCount: sampleCount,
            skippedBatches: skippedBatches,
            states: states.map { $0.map { ExactNumber($0) } }
        )
    }

    /// Goes on from what was gathered before.
    ///
    /// - Throws: `ConvNetError` of kind `format` if the metrics gather another number of numbers.
    mutating func resume(_ progress: Progress) throws {
        guard progress.states.map(\.count) == states.map(\.count), progress.termSums.count == termCount else {
            throw ConvNetError(
                .format,
                "The checkpoint's metrics have gathered other numbers than this model's",
                expected: "\(termCount) losses, \(states.map(\.count))",
                received: "\(progress.termSums.count) losses, \(progress.states.map(\.count))"
            )
        }
        lossSum = progress.lossSum.value
        termSums = progress.termSums.map(\.value)
        sampleCount = progress.sampleCount
        skippedBatches = progress.skippedBatches
        states = progress.states.map { $0.map(\.value) }
    }
}
