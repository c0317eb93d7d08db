/// The penalties for parameters that learn: their sum is a part of the loss, and their derivatives of the gradients.
final class PenaltyJob: WorkerJob {
    /// A regularized parameter, or a part of one.
    private struct Piece {
        let regularizer: any Regularizer
        /// Its values; the store keeps them.
        let values: UnsafeBufferPointer<Float>
        let shape: Shape
        /// Its place in the gradients.
        let gradient: Int
    }

    /// Elements of a part: enough to be worth the handing over.
    private static let pieceCount = 16_384

    private let pieces: [Piece]
    private let gradients: AlignedBuffer
    private let store: ParameterStore
    private let penalties: UnsafeMutableBufferPointer<Double>
    private var addsGradients = false

    /// `nil` if no parameter has a penalty.
    ///
    /// - Parameter entries: the parameters that learn; as in Keras, there is no penalty for others.
    init?(_ entries: [ParameterStore.Entry], store: ParameterStore, gradients: AlignedBuffer) {
        pieces = entries.flatMap { entry -> [Piece] in
            guard let regularizer = entry.spec.rule.regularizer else { return [] }
            let size = regularizer.isSumOverElements ? Self.pieceCount : max(entry.count, 1)
            return stride(from: 0, to: entry.count, by: size).map { start in
                Piece(
                    regularizer: regularizer,
                    values: UnsafeBufferPointer(
                        start: entry.parameter.buffer.floats + start,
                        count: min(size, entry.count - start)
                    ),
                    shape: entry.spec.shape,
                    gradient: entry.offset + start
                )
            }
        }
        if pieces.isEmpty { return nil }
        self.gradients = gradients
        self.store = store
        penalties = .allocate(capacity: pieces.count)
        penalties.initialize(repeating: 0)
    }

    deinit { penalties.deallocate() }

    /// The sum of all penalties; their derivatives are added to the gradients if those are of a batch.
    func callAsFunction(on engine: Engine, addingGradients: Bool) throws -> Double {
        addsGradients = addingGradients
        try engine.dispatch(self, units: pieces.count)
        return penalties.reduce(0, +)
    }

    func perform(unit: Int, worker: Int) {
        let piece = pieces[unit]
        penalties[unit] = piece.regularizer.penalty(
            piece.values,
            shape: piece.shape,
            gradient: addsGradients ? PenaltyGradient(gradients.floats + piece.gradient) : nil
        )
    }
}
