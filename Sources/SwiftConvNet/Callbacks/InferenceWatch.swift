/// Tells callbacks how an evaluation or a prediction comes along.
struct InferenceWatch {
    private let run: InferenceRun
    private let model: Model
    private let callbacks: [any Callback]
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var batch = 0
    private var samplesSeen = 0

    /// What watches a run; `nil` if no callback asks for it.
    init?(
        _ purpose: InferenceRun.Purpose,
        _ model: Model,
        sampleCount: Int,
        batchSize: Int,
        callbacks: [any Callback]
    ) {
        let listeners = callbacks.filter(\.receivesInference)
        guard !listeners.isEmpty else { return nil }
        run = InferenceRun(purpose: purpose, sampleCount: sampleCount, batchSize: batchSize)
        self.model = model
        self.callbacks = listeners
        start = clock.now
    }

    func began() throws { try send(.began(run)) }

    /// - Parameter count: the samples of the batch.
    mutating func batchEnded(_ count: Int, _ values: MetricValues?) throws {
        batch += 1
        samplesSeen += count
        let record = InferenceBatch(
            batch: batch,
            samplesSeen: samplesSeen,
            values: values,
            seconds: start.duration(to: clock.now).seconds
        )
        try send(.batchEnded(record, of: run))
    }

    func ended(_ values: MetricValues?) throws { try send(.ended(run, values)) }

    private func send(_ event: InferenceEvent) throws {
        for callback in callbacks { try callback.receive(event, by: model) }
    }
}
