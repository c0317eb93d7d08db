import CKernels

/// What an optimizer needs from step to step, and the work of one step shared out to workers.
final class OptimizerState: WorkerJob {
    let optimizer: any Optimizer
    /// The number of steps done.
    var step = 0
    /// The number of batches that training has seen: the steps, and the batches that were left out.
    var batchesDone = 0
    /// The rate that replaces the optimizer's own, once a callback has set one.
    var learningRateOverride: Float?
    /// The parameters that it changes: those of frozen layers are not among them.
    let entries: [ParameterStore.Entry]
    /// One buffer per slot, one after the other, each with a place for every parameter that the optimizer changes.
    let slots: AlignedBuffer

    /// Elements that one unit of work changes: enough to be worth the handing over.
    private static let pieceCount = 16_384

    /// A part of one parameter.
    private struct Piece {
        /// Its values; the store keeps them.
        let parameters: UnsafeMutablePointer<Float>
        /// Its place in the gradients, and in each slot.
        let gradient: Int, slot: Int
        let count: Int
    }

    let store: ParameterStore
    private let gradients: AlignedBuffer
    private let pieces: [Piece]
    private let slotCount: Int
    /// For each of `entries`, its place in a slot; in the end, the elements of a slot.
    private let slotOffsets: [Int]
    private let weightDecay: Float
    /// The rate of the step at hand: asked for once, before workers share the step, for a schedule may be slow.
    private var rate: Float = 0

    /// - Parameter entries: the parameters of the store that it is to change.
    init(
        _ optimizer: any Optimizer,
        store: ParameterStore,
        changing entries: [ParameterStore.Entry],
        gradients: AlignedBuffer
    ) throws {
        try optimizer.validate()
        try optimizer.learningRate.validate()
        try optimizer.clipping?.validate()
        if let decay = optimizer.weightDecay, !(decay >= 0 && decay.isFinite) {
            throw ConvNetError(
                .argument,
                "Not a weight decay",
                at: "weightDecay",
                expected: "a finite number of at least 0",
                received: "\(decay)"
            )
        }
        slotCount = optimizer.slots.count
        weightDecay = optimizer.weightDecay ?? 0
        self.optimizer = optimizer
        self.store = store
        self.gradients = gradients
        self.entries = entries
        let line = AlignedBuffer.alignment / MemoryLayout<Float>.stride
        let offsets = entries.reduce(into: [0]) {
            $0.append($0[$0.count - 1] + ($1.count + line - 1) / line * line)
        }
        slotOffsets = offsets
        slots = try AlignedBuffer(
            count: offsets[entries.count] * slotCount,
            for: "what the optimizer keeps of each parameter"
        )
        pieces = zip(entries, offsets).flatMap { entry, offset in
            stride(from: 0, to: entry.count, by: Self.pieceCount).map { start in
                Piece(
                    parameters: entry.parameter.buffer.floats + start,
                    gradient: entry.offset + start,
                    slot: offset + start,
                    count: min(Self.pieceCount, entry.count - start)
                )
            }
        }
    }

    /// The rate of the next step.
    var learningRate: Float { learningRateOverride ?? optimizer.learningRate(step: step) }

    /// Clips the gradients and changes the parameters: one step.
    func apply(on engine: Engine) throws {
        clipWithoutDenormals()
        rate = learningRate
        step += 1
        batchesDone += 1
        for entry in entries { entry.parameter.markChanged() }
        try engine.dispatch(self, units: pieces.count)
    }

    func perform(unit: Int, worker: Int) {
        let piece = pieces[unit]
        if weightDecay > 0 {
            ck_weight_decay(piece.parameters, piece.count, rate, weightDecay)
        }
        optimizer.update(
            OptimizerPart(
                parameters: piece.parameters,
                gradients: gradients.floats + piece.gradient,
                count: piece.count,
                learningRate: rate,
                step: step,
                firstSlot: slotCount == 0 ? nil : slots.floats + piece.slot,
                slotStride: slotOffsets[entries.count],
                slotCount: slotCount
            )
        )
    }

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

    /// The slots of each parameter: the name in files, and where its values begin in `slots`.
    var savedSlots: [(name: String, entry: ParameterStore.Entry, offset: Int)] {
        optimizer.slots.enumerated().flatMap { index, slot in
            zip(entries, slotOffsets).map { entry, offset in
                (Self.name(of: slot, for: entry.name), entry, index * slotOffsets[entries.count] + offset)
            }
        }
    }

    /// The name of a parameter's slot in files.
    static func name(of slot: String, for parameter: String) -> String { "optimizer/\(slot)/\(parameter)" }

    private func scale(_ values: UnsafeMutablePointer<Float>, _ count: Int, norm: Double, to limit: Float) {
        if norm > Double(limit) { ck_scale(values, count, Float(Double(limit) / norm)) }
    }
}
