/// The epochs and batches of one call of `fit`.
struct TrainingLoop {
    let model: Model
    let run: TrainingRun
    let training: any Dataset
    let validation: (any Dataset)?
    let shuffles: Bool
    let weights: SampleWeights
    let nonFinite: NonFinitePolicy
    let callbacks: [any Callback]

    func callAsFunction() throws -> History {
        let session = TrainingSession(model: model)
        let batchListeners = callbacks.filter(\.receivesBatches)
        func send(_ event: TrainingEvent) throws {
            for callback in callbacks { try callback.receive(event, in: session) }
        }
        try send(.trainingBegan(run))
        for epoch in stride(from: run.initialEpoch + 1, through: run.epochs, by: 1) {
            try send(.epochBegan(epoch))
            guard let record = try runEpoch(epoch, session: session, listeners: batchListeners) else { break }
            session.history.epochs.append(record)
            try send(.epochEnded(record))
            if session.isStopping { break }
        }
        try send(.trainingEnded(session.history))
        return session.history
    }

    /// Trains one epoch and validates it; `nil` if a callback stopped it on the way.
    private func runEpoch(_ epoch: Int, session: TrainingSession, listeners: [any Callback]) throws
        -> EpochRecord?
    {
        let compilation = try model.compiled(for: "fit")
        var figures = try EpochFigures(
            compilation.metrics, output: model.outputShape, targets: training.targetKind)
        let check = StepCheck(nonFinite, of: model)
        let clock = ContinuousClock()
        let start = clock.now
        var batch = 0, seen = 0
        var rate: Float = 0
        var isStopped = false
        try order(of: epoch).withUnsafeBufferPointer { order in
            while seen < order.count, !isStopped {
                try Task.checkCancellation()
                let samples = UnsafeBufferPointer(
                    rebasing: order[seen..<min(seen + run.batchSize, order.count)])
                rate = session.learningRate
                let isDone = try model.trainStep(
                    samples, of: training, weights: weights, figures: &figures, check: check)
                batch += 1
                seen += samples.count
                if !isDone {
                    try check?.handle(samples, of: training, weights: weights, epoch: epoch, batch: batch)
                }
                guard !listeners.isEmpty else { continue }
                let record = BatchRecord(
                    epoch: epoch, batch: batch, samplesSeen: seen, values: figures.values,
                    seconds: start.duration(to: clock.now).seconds, isSkipped: !isDone)
                for listener in listeners { try listener.receive(.batchEnded(record), in: session) }
                isStopped = session.isStopping
            }
        }
        if isStopped { return nil }
        if let check, figures.skippedBatches == batch { throw check.nothingLeft(of: epoch) }
        let seconds = start.duration(to: clock.now).seconds
        var values = figures.values
        if let validation {
            values = values.merging(try model.judge(validation, batchSize: run.batchSize), prefix: "val_")
        }
        return EpochRecord(
            epoch: epoch, values: values, seconds: seconds,
            samplesPerSecond: Double(seen) / max(seconds, 1e-9),
            learningRate: rate, skippedBatches: figures.skippedBatches)
    }

    /// The order of an epoch's samples: a function of seed and epoch alone.
    private func order(of epoch: Int) -> [Int] {
        guard shuffles else { return Array(0..<training.count) }
        var random = RandomStream(seed: model.seed, purpose: .shuffle, UInt32(truncatingIfNeeded: epoch))
        return random.permutation(of: training.count)
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
