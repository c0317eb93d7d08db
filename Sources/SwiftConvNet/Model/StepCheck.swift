import CKernels

/// Looks at each step of an epoch before its update: nothing of a bad one counts. Nothing is allocated per step.
final class StepCheck {
    let policy: NonFinitePolicy
    private let model: Model
    private let gradients: FiniteCheck

    /// A check for a model that is compiled; `nil` if there is nothing to look at.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    init?(_ policy: NonFinitePolicy, of model: Model) throws {
        guard policy != .ignore else { return nil }
        self.policy = policy
        self.model = model
        gradients = FiniteCheck(try model.engine.gradients, count: model.store.trainableCount)
    }

    /// After a step's backward pass: whether its losses and gradients are finite.
    func passes() throws -> Bool {
        let batch = model.engine.batch
        return try ck_all_finite(batch.losses, batch.count) == 1 && gradients(on: model.engine)
    }

    /// Does what the policy says with a batch that has not passed. One that is left out counts as seen, so that the next one
    /// draws other random numbers.
    ///
    /// - Parameter samples: the places of the batch's samples in the dataset.
    /// - Throws: `ConvNetError` of kind `numeric` if the policy is to stop.
    func handle(
        _ samples: UnsafeBufferPointer<Int>,
        of feed: Feed,
        weights: SampleWeights,
        epoch: Int,
        batch: Int
    ) throws {
        guard case .stop(let folder) = policy else {
            try model.compiled(for: "fit").optimizer.batchesDone += 1
            return
        }
        let found = try NonFiniteCase(
            model,
            Array(samples),
            of: feed,
            weights: weights,
            epoch: epoch,
            batch: batch
        )
        throw found.error(savingIn: folder)
    }

    /// The end of an epoch of which every batch was skipped.
    func nothingLeft(of epoch: Int) -> ConvNetError {
        ConvNetError(
            .numeric,
            "Every batch was skipped, for its loss or a gradient was not finite",
            at: "epoch \(epoch)",
            expected: "at least one batch with finite numbers",
            remedy: "Train with nonFinite: .stop(savingCaseIn:) to see which layer it is"
        )
    }
}
