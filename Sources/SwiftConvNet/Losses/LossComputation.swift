/// Computes a loss that is made of operators, sample by sample, for a metric.
final class LossComputation: Sendable {
    private struct State {
        let model: Model
        let feed: Feed
        let sample: OneSample
    }

    private let state: Lock<State>

    /// - Throws: what the loss throws for such shapes.
    init(_ loss: any OperatorLoss, output: Shape, targets: TargetKind) throws {
        let model = try LossNetwork(loss, output: output, targets: targets, isReduced: true).model
        let sample = OneSample(target: model.graph.inputShapes[0], prediction: output)
        let feed = try model.graph.feed(sample, batchSize: 1, criteria: nil, for: "evaluate")
        state = Lock(State(model: model, feed: feed, sample: sample))
    }

    /// The loss of a sample; NaN if a number of it is not finite.
    func callAsFunction(_ sample: LossSample) -> Float {
        state.withLock { state in
            state.sample.take(sample)
            let first = 0
            return withUnsafePointer(to: first) { first in
                let plan = try? state.model.run(
                    UnsafeBufferPointer(start: first, count: 1),
                    of: state.feed,
                    mode: .inference,
                    usesLoss: false
                )
                return plan.map { state.model.engine.prediction(of: $0)[0] } ?? .nan
            }
        }
    }
}

/// A dataset of the sample at hand.
private final class OneSample: Dataset, @unchecked Sendable {
    // Sendable: it is used under the lock of its owner alone.

    let fields: [Field]
    let count = 1
    private var target: [Float]
    private var prediction: [Float]

    init(target: Shape, prediction: Shape) {
        fields = [Field("target", .input, shape: target), Field("prediction", .input, shape: prediction)]
        self.target = Array(repeating: 0, count: target.elementCount)
        self.prediction = Array(repeating: 0, count: prediction.elementCount)
    }

    func take(_ sample: LossSample) {
        for place in target.indices { target[place] = sample.target(at: place) }
        for place in prediction.indices { prediction[place] = sample.prediction[place] }
    }

    func read(_ index: Int, in reading: Reading, into writer: SampleWriter) {
        // No array of both: a step allocates nothing.
        Self.write(target, to: writer.values(of: 0))
        Self.write(prediction, to: writer.values(of: 1))
    }

    private static func write(_ values: [Float], to place: UnsafeMutableBufferPointer<Float>?) {
        guard let place else { return }
        for index in values.indices { place[index] = values[index] }
    }
}
