import Foundation

/// Writes the checkpoints of one call of `fit`, and goes on from the newest.
final class Checkpointer {
    private let model: Model
    private let run: TrainingRun
    private let interval: CheckpointInterval
    private let folder: CheckpointFolder
    private let identity: RunIdentity
    private let key: ReproducibilityKey
    private let callbacks: [any ResumableCallback]
    private let clock = ContinuousClock()
    private var lastTime: ContinuousClock.Instant
    /// What goes on; `nil` if the run starts from the beginning.
    private let checkpoint: Checkpoint?
    private let notices: [String]

    /// Opens the folder, and with `resumes` looks for a checkpoint in it; without one, the run starts from the beginning.
    ///
    /// - Throws: `ConvNetError` if the folder cannot be used, its checkpoints cannot be read, or are of another run.
    init(
        model: Model,
        run: TrainingRun,
        interval: CheckpointInterval,
        folder path: String,
        resumes: Bool,
        identity: RunIdentity,
        callbacks: [any Callback]
    ) throws {
        self.model = model
        self.run = run
        self.interval = interval
        self.identity = identity
        self.callbacks = callbacks.compactMap { $0 as? any ResumableCallback }
        key = ReproducibilityKey(model, batchSize: run.batchSize)
        lastTime = clock.now
        folder = try CheckpointFolder(path)
        guard resumes, let found = try folder.read() else {
            if !resumes { try folder.clear() }
            checkpoint = nil
            notices = []
            return
        }
        checkpoint = found.checkpoint
        let changes = found.checkpoint.state.key.differences(to: key)
        notices =
            found.notices
            + changes.map { "The run goes on in another environment, and may end in other bits: \($0)" }
        try check(found.checkpoint)
    }

    // MARK: - Going on

    /// Puts the model and the history back to where the checkpoint left them.
    ///
    /// - Returns: where to go on, and what to say of it; `nil` if the run starts from the beginning.
    func restore(_ session: TrainingSession) throws -> (position: TrainingPosition, resumption: Resumption)? {
        guard let checkpoint else { return nil }
        let store = model.store, optimizer = try model.compiled(for: "fit").optimizer
        let state = checkpoint.state
        store.markChanged()
        try read(Checkpoint.parameterSection, to: store.segments)
        try read(Checkpoint.optimizerSection, to: optimizer.segments)
        optimizer.step = state.step
        optimizer.batchesDone = state.batchesDone
        optimizer.learningRateOverride = state.learningRate.map { Float($0.value) }
        try optimizer.restore(scalars: state.scalars ?? [])
        session.history.epochs = checkpoint.epochs
        session.history.stopReason = state.stopReason
        let position = state.position
        return (position, Resumption(epoch: position.epoch, batch: position.batch, notices: notices))
    }

    /// Gives the callbacks their state back.
    func restoreCallbacks() throws {
        guard let checkpoint else { return }
        for (index, callback) in callbacks.enumerated() {
            let name = Checkpoint.section(ofCallback: index, callback.typeName)
            try callback.restoreState(Data(checkpoint.file.section(name)))
        }
    }

    /// Checks that a checkpoint is of this run, before anything is changed by it.
    private func check(_ checkpoint: Checkpoint) throws {
        let state = checkpoint.state, path = checkpoint.file.path
        try identity.check(state.identity, at: path)
        let names = callbacks.map(\.typeName)
        guard state.callbacks == names else {
            throw ConvNetError(
                .state,
                "The checkpoint is of a run with other callbacks that keep a state",
                at: path,
                expected: "[\(state.callbacks.joined(separator: ", "))], in this order",
                received: "[\(names.joined(separator: ", "))]"
            )
        }
        let store = model.store, optimizer = try model.compiled(for: "fit").optimizer
        guard state.parameters == store.layout else {
            throw ConvNetError(.format, "The checkpoint's parameters are not the model's", at: path)
        }
        for (name, segments) in [
            (Checkpoint.parameterSection, store.segments), (Checkpoint.optimizerSection, optimizer.segments),
        ] {
            let expected = segments.reduce(0) { $0 + $1.byteCount }
            let received = try checkpoint.file.section(name).count
            guard received == expected else {
                throw ConvNetError(
                    .format,
                    "A section of the checkpoint does not fit the model",
                    at: "\(path), section \"\(name)\"",
                    expected: "\(expected) bytes",
                    received: "\(received)"
                )
            }
        }
        let position = state.position
        let limit = 1 << 53
        guard (1...limit).contains(position.epoch), (0...run.stepsPerEpoch).contains(position.batch),
            position.samplesSeen
                == min(position.batch * run.batchSize, run.slices.samples(ofEpoch: position.epoch).count),
            (position.figures == nil) == (position.batch == 0),
            (0...position.samplesSeen).contains(position.figures?.sampleCount ?? 0),
            (0...limit).contains(state.step), (0...limit).contains(state.batchesDone), position.seconds >= 0,
            position.seconds.isFinite,
            checkpoint.epochs.count == position.epoch - 1 - run.initialEpoch,
            checkpoint.epochs.enumerated().allSatisfy({ $1.epoch == run.initialEpoch + 1 + $0 })
        else {
            throw ConvNetError(
                .format,
                "The checkpoint's position cannot be",
                at: "\(path), section \"state\"",
                expected: "a batch of the run, after as many epochs as the history has",
                received: "\(position), \(position.samplesSeen) samples, \(checkpoint.epochs.count) epochs"
            )
        }
    }

    /// Reads a section that has been checked.
    private func read(_ name: String, to segments: [FloatSegment]) throws {
        try checkpoint?.file.section(name).withUnsafeBytes { bytes in
            var place = 0
            for segment in segments {
                let part = UnsafeRawBufferPointer(rebasing: bytes[place..<(place + segment.byteCount)])
                UnsafeMutableRawBufferPointer(segment.floats).copyMemory(from: part)
                place += part.count
            }
        }
    }

    // MARK: - Writing

    /// Writes a checkpoint if one is due after a step, or if training is interrupted here.
    func stepEnded(_ session: TrainingSession, epoch: Int, batch: Int, position: () -> TrainingPosition)
        throws
    {
        let isDue =
            switch interval.rule {
            case .steps(let count): ((epoch - 1) * run.stepsPerEpoch + batch).isMultiple(of: count)
            case .minutes(let minutes): lastTime.duration(to: clock.now).seconds >= minutes * 60
            case .epochs: false
            }
        if session.isStopping ? session.history.isInterrupted : isDue {
            try write(position(), session)
        }
    }

    /// Writes a checkpoint after an epoch if one is due, or if training ends here.
    func epochEnded(_ session: TrainingSession, next position: TrainingPosition) throws {
        let isDue =
            switch interval.rule {
            case .steps: false
            case .minutes(let minutes): lastTime.duration(to: clock.now).seconds >= minutes * 60
            case .epochs: true
            }
        if isDue || session.isStopping || position.epoch > run.epochs { try write(position, session) }
    }

    private func write(_ position: TrainingPosition, _ session: TrainingSession) throws {
        let store = model.store, optimizer = try model.compiled(for: "fit").optimizer
        // A checkpoint holds the parameters, whatever a callback shows in their place.
        let showsAverages = optimizer.showsAverages
        optimizer.showAverages(false)
        defer { optimizer.showAverages(showsAverages) }
        let history = session.history
        let state = CheckpointState(
            identity: identity,
            key: key,
            epochs: run.epochs,
            position: position,
            step: optimizer.step,
            batchesDone: optimizer.batchesDone,
            learningRate: optimizer.learningRateOverride.map { ExactNumber($0) },
            scalars: optimizer.scalarValues.isEmpty ? nil : optimizer.scalarValues.map { ExactNumber($0) },
            parameters: store.layout,
            callbacks: callbacks.map(\.typeName),
            stopReason: history.isInterrupted ? nil : history.stopReason
        )
        var sections = [
            CheckpointSection(name: Checkpoint.stateSection, content: .bytes(try Self.json(state))),
            CheckpointSection(
                name: Checkpoint.historySection,
                content: .bytes(try Self.json(history.epochs.map { CodedEpoch($0) }))
            ),
            CheckpointSection(
                name: Checkpoint.parameterSection,
                content: .floats(store.segments)
            ),
            CheckpointSection(
                name: Checkpoint.optimizerSection,
                content: .floats(optimizer.segments)
            ),
        ]
        for (index, callback) in callbacks.enumerated() {
            sections.append(
                CheckpointSection(
                    name: Checkpoint.section(ofCallback: index, callback.typeName),
                    content: .bytes(Array(try callback.saveState()))
                )
            )
        }
        do {
            try folder.write(sections)
        } catch var error as ConvNetError {
            error.summary =
                "Training has stopped at \(position), for its checkpoint cannot be written: \(error.summary)"
            error.remedy =
                (error.remedy.map { "\($0). " } ?? "")
                + "The checkpoint before it is as it was; mend the cause and resume the run"
            throw error
        }
        lastTime = clock.now
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        Array(try StableJSON.text(of: value).utf8)
    }
}

extension ParameterStore {
    /// The names and shapes of all parameters, in order.
    var layout: [CheckpointState.Layout] {
        entries.map { CheckpointState.Layout(name: $0.name, shape: $0.spec.shape.dimensions) }
    }
}

extension OptimizerState {
    /// The slots of the trainable parameters, slot by slot.
    var segments: [FloatSegment] { layout.slots.map { FloatSegment(buffer: slots, range: $0.range) } }
}
