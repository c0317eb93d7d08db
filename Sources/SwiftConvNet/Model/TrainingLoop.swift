/// The epochs and batches of one call of `fit`.
struct TrainingLoop {
    let model: Model
    let run: TrainingRun
    let training: Feed
    let validation: (set: ValidationSet, feed: Feed)?
    let shuffle: Shuffle
    let weights: SampleWeights
    let nonFinite: NonFinitePolicy
    let callbacks: [any Callback]
    /// What writes checkpoints, if there are to be any.
    let checkpointer: Checkpointer?

    func callAsFunction() throws -> History {
        let session = TrainingSession(model: model)
        let batchListeners = callbacks.filter(\.receivesBatches)
        func send(_ event: TrainingEvent) throws {
            for callback in callbacks { try callback.receive(event, in: session) }
        }
        var run = run
        var position = TrainingPosition(epoch: run.initialEpoch + 1)
        if let resumed = try checkpointer?.restore(session) {
            (position, run.resumption) = resumed
        }
        warnOfFrozenSchedule(session)
        warnOfShortEpochs(session)
        try send(.trainingBegan(run))
        try checkpointer?.restoreCallbacks()
        while position.epoch <= run.epochs, !session.isStopping {
            // What began before the checkpoint does not begin again.
            if position.batch == 0 { try send(.epochBegan(position.epoch)) }
            guard let record = try runEpoch(from: position, session: session, listeners: batchListeners)
            else { break }
            session.history.epochs.append(record)
            try session.sendEpoch(to: callbacks)
            position = TrainingPosition(epoch: position.epoch + 1)
            try checkpointer?.epochEnded(session, next: position)
        }
        // A run that is interrupted goes on from its parameters.
        if !session.history.isInterrupted { model.finishAverages() }
        try send(.trainingEnded(session.history))
        return session.history
    }

    /// A model that was loaded trains on with a constant rate where it had a schedule, unless somebody sets the rate.
    private func warnOfFrozenSchedule(_ session: TrainingSession) {
        guard model.hasFrozenSchedule, !callbacks.contains(where: { $0 is LearningRateScheduler }) else {
            return
        }
        session.warn(
            "The learning rate followed a schedule when the model was saved. A file cannot keep a closure: the rate stays "
                + "\(session.learningRate), that of the step at which the model was saved. Compile again with the schedule, "
                + "use a LearningRateScheduler, or set learningRate."
        )
    }

    /// As Keras does, but once, and before it happens.
    private func warnOfShortEpochs(_ session: TrainingSession) {
        guard run.slices.runsShort, run.epochs - run.initialEpoch >= run.slices.passLength else { return }
        session.warn(
            "The data run out in the middle of an epoch: its batches are no multiple of stepsPerEpoch. The last epoch of each pass "
                + "over the data has fewer steps."
        )
    }

    /// Trains one epoch, or the rest of it, and validates it; `nil` if a callback stopped it on the way.
    private func runEpoch(
        from position: TrainingPosition,
        session: TrainingSession,
        listeners: [any Callback]
    ) throws -> EpochRecord? {
        let epoch = position.epoch
        let reading = Reading(seed: model.seed, epoch: epoch, isTraining: true)
        var figures = try EpochFigures(model.compiled(for: "fit").criteria, of: model.graph, training)
        let check = try StepCheck(nonFinite, of: model)
        if let progress = position.figures { try figures.resume(progress) }
        let clock = ContinuousClock()
        // An epoch that goes on has taken its time before.
        let start = clock.now - .seconds(position.seconds)
        var batch = position.batch, seen = position.samplesSeen
        var rate = position.learningRate
        var isStopped = false
        try order(ofPass: run.slices.pass(ofEpoch: epoch)).withUnsafeBufferPointer { pass in
            let order = UnsafeBufferPointer(rebasing: pass[run.slices.samples(ofEpoch: epoch)])
            try model.engine.readingAhead(
                UnsafeBufferPointer(rebasing: order[seen...]),
                of: training,
                in: reading,
                batchSize: run.batchSize
            ) { ahead in
                while seen < order.count, !isStopped {
                    try Task.checkCancellation()
                    try Cancellation.current?.check()
                    let samples = UnsafeBufferPointer(
                        rebasing: order[seen..<min(seen + run.batchSize, order.count)]
                    )
                    rate = session.learningRate
                    let isDone = try model.trainStep(
                        samples,
                        of: training,
                        weights: weights,
                        in: reading,
                        ahead: ahead,
                        figures: &figures,
                        check: check
                    )
                    batch += 1
                    seen += samples.count
                    if !isDone {
                        try check?.handle(samples, of: training, weights: weights, epoch: epoch, batch: batch)
                    }
                    if !listeners.isEmpty {
                        let record = BatchRecord(
                            epoch: epoch,
                            batch: batch,
                            samplesSeen: seen,
                            values: figures.values,
                            seconds: start.duration(to: clock.now).seconds,
                            isSkipped: !isDone
                        )
                        for listener in listeners { try listener.receive(.batchEnded(record), in: session) }
                        isStopped = session.isStopping
                    }
                    try checkpointer?.stepEnded(session, epoch: epoch, batch: batch) {
                        TrainingPosition(
                            epoch: epoch,
                            batch: batch,
                            samplesSeen: seen,
                            figures: figures.progress,
                            learningRate: rate,
                            seconds: start.duration(to: clock.now).seconds
                        )
                    }
                }
            }
        }
        if isStopped { return nil }
        if let check, figures.skippedBatches == batch { throw check.nothingLeft(of: epoch) }
        let seconds = start.duration(to: clock.now).seconds
        var values = figures.values
        if let validation, run.validationFrequency.includes(epoch) {
            let judged = try validation.set.judge(by: model, validation.feed, callbacks: callbacks)
            values = values.merging(judged, prefix: "val_")
        }
        return EpochRecord(
            epoch: epoch,
            values: values,
            seconds: seconds,
            samplesPerSecond: Double(seen) / max(seconds, 1e-9),
            learningRate: rate,
            skippedBatches: figures.skippedBatches
        )
    }

    /// The order of the samples in a pass over the data, an epoch unless `stepsPerEpoch` is given: a function of seed and pass
    /// alone.
    private func order(ofPass pass: Int) throws -> [Int] {
        try shuffle.order(of: training.dataset.count, seed: model.seed, pass: pass)
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
