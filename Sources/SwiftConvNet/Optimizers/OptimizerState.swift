import CKernels

/// What an optimizer needs from step to step, and the work of one step shared out to workers.
///
/// A step is: gradients of several batches are gathered, if the rule says so; they are clipped; parameters decay, change by the
/// optimizer's rule, are averaged, and satisfy their constraints. The order is Keras'.
final class OptimizerState: WorkerJob {
    let optimizer: any Optimizer
    let rule: UpdateRule
    /// The number of batches that have been learned from. With `rule.accumulatedBatches` above 1, only every so many change parameters.
    var step = 0
    /// The number of batches that training has seen: the steps, and the batches that were left out.
    var batchesDone = 0
    /// The rate that replaces the optimizer's own, once a callback has set one.
    var learningRateOverride: Float?
    /// The parameters that it changes: those of frozen layers are not among them.
    let entries: [ParameterStore.Entry]
    /// Where the arrays are that it keeps of each parameter.
    let layout: SlotLayout
    let slots: AlignedBuffer

    /// Elements that one unit of work changes: enough to be worth the handing over.
    private static let pieceCount = 16_384

    /// A part of one parameter.
    private struct Piece {
        /// The index of the parameter among `entries`.
        let entry: Int
        /// Its values; the store keeps them.
        let parameters: UnsafeMutablePointer<Float>
        /// Its place in the parameter, and in the gradients.
        let start: Int, gradient: Int
        let count: Int
        let shape: Shape
        let rateFactor: Float, weightDecay: Float
    }

    /// What the workers do at the moment.
    private enum Phase { case accumulate, mean, update, average }

    let store: ParameterStore
    private let gradients: AlignedBuffer
    private let pieces: [Piece]
    private let constraints: ConstraintJob?
    /// For each of `entries`, its slots: the optimizer's, then the rule's.
    private let table: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
    private let slotCount: Int
    private let scalars: UnsafeMutableBufferPointer<Double>
    private let scratchStride: Int
    private var scratch = AlignedBuffer.empty
    private var phase = Phase.update
    /// The rate of the step at hand: asked for once, before workers share the step, for a schedule may be slow.
    private var rate: Float = 0
    /// How much of the averages stays.
    private var averageMomentum: Float = 0
    /// Whether the averages are in the place of the parameters, for a while.
    private(set) var showsAverages = false

    /// - Parameter entries: the parameters of the store that it is to change.
    init(
        _ optimizer: any Optimizer,
        rule: UpdateRule,
        store: ParameterStore,
        changing entries: [ParameterStore.Entry],
        gradients: AlignedBuffer
    ) throws {
        try optimizer.validate()
        try optimizer.learningRate.validate()
        try optimizer.clipping?.validate()
        try rule.validate(for: store.entries.map(\.name))
        let parameters = entries.map { OptimizedParameter(name: $0.name, shape: $0.spec.shape) }
        let decays = try parameters.map { parameter in
            let decay = optimizer.weightDecay(of: parameter) ?? 0
            guard decay >= 0, decay.isFinite else {
                throw ConvNetError(
                    .argument,
                    "Not a weight decay",
                    at: "weightDecay",
                    expected: "a finite number of at least 0",
                    received: "\(decay)"
                )
            }
            return decay
        }
        self.optimizer = optimizer
        self.rule = rule
        self.store = store
        self.gradients = gradients
        self.entries = entries
        let layout = try SlotLayout(optimizer, rule, for: parameters)
        let slots = try AlignedBuffer(count: layout.count, for: "what the optimizer keeps of each parameter")
        self.layout = layout
        self.slots = slots
        slotCount = optimizer.slots.count + rule.slots.count
        scratchStride = parameters.map { optimizer.scratchCount(for: $0) }.max() ?? 0
        let initial = optimizer.initialScalars
        scalars = .allocate(capacity: initial.count)
        _ = scalars.initialize(from: initial)
        table = .allocate(capacity: max(1, entries.count * slotCount))
        table.initialize(repeating: nil, count: max(1, entries.count * slotCount))
        for (entry, places) in layout.places.enumerated() {
            for (slot, place) in places.enumerated() {
                guard let place else { continue }
                let values = slots.floats + layout.slots[place].offset
                table[entry * slotCount + slot] = values
                guard slot < optimizer.slots.count else { continue }
                optimizer.initializeSlot(
                    slot,
                    UnsafeMutableBufferPointer(start: values, count: layout.slots[place].shape.elementCount),
                    of: entries[entry].parameter.values
                )
            }
        }
        pieces = entries.indices.flatMap { index in
            let entry = entries[index], group = rule.group(of: entry.name)
            let size = optimizer.granularity == .elements ? Self.pieceCount : max(entry.count, 1)
            return stride(from: 0, to: entry.count, by: size).map { start in
                Piece(
                    entry: index,
                    parameters: entry.parameter.buffer.floats + start,
                    start: start,
                    gradient: entry.offset + start,
                    count: min(size, entry.count - start),
                    shape: entry.spec.shape,
                    rateFactor: group.rateFactor,
                    weightDecay: group.decays ? decays[index] : 0
                )
            }
        }
        constraints = ConstraintJob(entries)
    }

    deinit {
        table.deallocate()
        scalars.deallocate()
    }

    /// The number of updates of the parameters.
    var updates: Int { step / rule.accumulatedBatches }

    /// The rate of the next step.
    var learningRate: Float { learningRateOverride ?? optimizer.learningRate(step: step) }

    /// The optimizer's scalars.
    var scalarValues: [Double] { Array(scalars) }

    /// Takes over scalars that a file holds.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there are not as many as the optimizer has.
    func restore(scalars saved: [ExactNumber]) throws {
        guard saved.count == scalars.count else {
            throw ConvNetError(
                .format,
                "The optimizer keeps other numbers than those that were saved",
                at: "the optimizer's scalars",
                expected: "\(scalars.count): \(optimizer.scalars.joined(separator: ", "))",
                received: "\(saved.count)"
            )
        }
        for (index, number) in saved.enumerated() { scalars[index] = number.value }
    }

    /// Takes the gradients of a batch: clips them and changes the parameters, if the batch completes a step.
    func apply(on engine: Engine) throws {
        showAverages(false)
        rate = learningRate
        // Keras forgets the first averages, of which nothing is known.
        averageMomentum = updates == 0 ? 0 : rule.averageMomentum ?? 0
        let completes = (step + 1).isMultiple(of: rule.accumulatedBatches)
        for entry in entries { entry.parameter.markChanged() }
        if rule.accumulatedBatches > 1 { try run(completes ? .mean : .accumulate, on: engine) }
        if completes {
            clipWithoutDenormals()
            optimizer.advance(scalars, step: updates + 1)
            if scratchStride > 0 { try makeScratch(on: engine) }
            try run(.update, on: engine)
        }
        if rule.averageMomentum != nil { try run(.average, on: engine) }
        try constraints?.run(on: engine)
        step += 1
        batchesDone += 1
    }

    private func makeScratch(on engine: Engine) throws {
        let count = try engine.workerCount() * scratchStride
        guard scratch.byteCount < count * MemoryLayout<Float>.stride else { return }
        scratch = try AlignedBuffer(count: count, for: "what the optimizer puts aside")
    }

    private func run(_ phase: Phase, on engine: Engine) throws {
        self.phase = phase
        try engine.dispatch(self, units: pieces.count)
    }

    func perform(unit: Int, worker: Int) {
        let piece = pieces[unit], own = gradients.floats + piece.gradient
        switch phase {
        case .accumulate:
            ck_add(own, ruleSlot(UpdateRule.accumulator, piece), piece.count)
        case .mean:
            let sum = ruleSlot(UpdateRule.accumulator, piece)
            ck_add(sum, own, piece.count)
            ck_scale(own, piece.count, 1 / Float(rule.accumulatedBatches))
            sum.update(repeating: 0, count: piece.count)
        case .update: update(piece, worker: worker)
        case .average:
            let average = ruleSlot(UpdateRule.average, piece)
            ck_mix(average, piece.parameters, piece.count, averageMomentum)
            if let every = rule.overwritesEvery, (updates + 1).isMultiple(of: every) {
                piece.parameters.update(from: average, count: piece.count)
            }
        }
    }

    private func update(_ piece: Piece, worker: Int) {
        let rate = rate * piece.rateFactor
        if piece.weightDecay > 0 {
            ck_weight_decay(piece.parameters, piece.count, rate, piece.weightDecay)
        }
        let first = piece.entry * slotCount
        optimizer.update(
            OptimizerPart(
                parameters: piece.parameters,
                gradients: gradients.floats + piece.gradient,
                count: piece.count,
                shape: piece.shape,
                learningRate: rate,
                step: updates + 1,
                scalars: UnsafeBufferPointer(scalars),
                scratch: scratch.floats + worker * scratchStride,
                slots: UnsafeBufferPointer(start: table + first, count: optimizerSlotCount),
                start: piece.start
            )
        )
    }

    private var optimizerSlotCount: Int { slotCount - rule.slots.count }

    /// An array of the rule.
    private func ruleSlot(_ name: String, _ piece: Piece) -> UnsafeMutablePointer<Float> {
        // The average is the last, and the accumulator the first of those that the rule has.
        let index = name == UpdateRule.average ? slotCount - 1 : optimizerSlotCount
        guard let slot = table[piece.entry * slotCount + index] else {
            preconditionFailure("every parameter has the arrays of the update rule")
        }
        return slot + piece.start
    }

    /// Replaces the parameters by their averages, if there are any and a step has been made: the end of `fit`, as in Keras.
    func finishAverages() {
        guard rule.averageMomentum != nil, step > 0 else { return }
        showAverages(false)
        for index in entries.indices {
            guard let average = table[index * slotCount + slotCount - 1] else { continue }
            entries[index].parameter.withMutableValues {
                $0.baseAddress?.update(from: average, count: $0.count)
            }
        }
    }

    /// Puts the averages in the place of the parameters, or the parameters back; the others lie in the averages' slots meanwhile.
    /// Without averages, or before the first step, nothing happens.
    func showAverages(_ areShown: Bool) {
        guard rule.averageMomentum != nil, step > 0, areShown != showsAverages else { return }
        showsAverages = areShown
        for index in entries.indices {
            guard let average = table[index * slotCount + slotCount - 1] else { continue }
            entries[index].parameter.withMutableValues { values in
                for place in values.indices { swap(&values[place], &average[place]) }
            }
        }
    }

    // MARK: Clipping

    /// Limits the gradients, on the calling thread.
    private func clipWithoutDenormals() {
        let denormals = ck_flush_denormals()
        defer { ck_restore_denormals(denormals) }
        clip()
    }

    /// Limits the gradients; norms are added up in double precision, parameter by parameter.
    private func clip() {
        switch optimizer.clipping {
        case nil: break
        case .value(let limit):
            ck_clip(gradients.floats, gradients.floats, store.trainableCount, -limit, limit)
        case .norm(let limit):
            for entry in entries {
                let values = gradients.floats + entry.offset
                scale(
                    values,
                    entry.count,
                    norm: ck_sum_of_squares(values, entry.count).squareRoot(),
                    to: limit
                )
            }
        case .globalNorm(let limit):
            // The gaps between parameters are zero, and so are the places of frozen ones.
            let squares = ck_sum_of_squares(gradients.floats, store.trainableCount)
            scale(gradients.floats, store.trainableCount, norm: squares.squareRoot(), to: limit)
        }
    }

    private func scale(_ values: UnsafeMutablePointer<Float>, _ count: Int, norm: Double, to limit: Float) {
        if norm > Double(limit) { ck_scale(values, count, Float(Double(limit) / norm)) }
    }
}
