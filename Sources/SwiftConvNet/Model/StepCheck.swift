import CKernels

/// Looks at each step of an epoch before its update, and takes back what a bad one has changed.
///
/// Moving statistics are written in the forward pass, so what they were is kept; they are few. Nothing is allocated
/// per step.
final class StepCheck {
    let policy: NonFinitePolicy
    private let model: Model
    private let gradients: FiniteCheck
    private let statistics: AlignedBuffer

    /// A check for a model that is compiled; `nil` if there is nothing to look at.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    init?(_ policy: NonFinitePolicy, of model: Model) throws {
        guard policy != .ignore else { return nil }
        self.policy = policy
        self.model = model
        let store = model.store
        gradients = FiniteCheck(try model.engine.gradients, count: store.trainableCount)
        statistics = try AlignedBuffer(
            count: store.totalCount - store.trainableCount, for: "the moving statistics of the model")
    }

    /// Before a step: remembers what its forward pass changes.
    func begin() {
        let store = model.store
        store.copyValues(where: { !$0.spec.isTrainable }, to: statistics.floats, from: store.trainableCount)
    }

    /// After a step's backward pass: whether its losses and gradients are finite. If not, the model is as before.
    func passes() throws -> Bool {
        let batch = model.engine.batch
        if ck_all_finite(batch.losses, batch.count) == 1, try gradients(on: model.engine) { return true }
        let store = model.store
        store.setValues(
            where: { !$0.spec.isTrainable }, from: statistics.floats, startingAt: store.trainableCount)
        return false
    }

    /// Does what the policy says with a batch that has not passed.
    ///
    /// - Parameter samples: the places of the batch's samples in the dataset.
    /// - Throws: `ConvNetError` of kind `numeric` if the policy is to stop.
    func handle(
        _ samples: UnsafeBufferPointer<Int>, of dataset: any Dataset, weights: SampleWeights, epoch: Int,
        batch: Int
    ) throws {
        guard case .stop(let folder) = policy else { return }
        let found = try NonFiniteCase(
            model, Array(samples), of: dataset, weights: weights, epoch: epoch, batch: batch)
        throw found.error(savingIn: folder)
    }

    /// The end of an epoch of which every batch was skipped.
    func nothingLeft(of epoch: Int) -> ConvNetError {
        ConvNetError(
            .numeric, "Every batch was skipped, for its loss or a gradient was not finite",
            at: "epoch \(epoch)",
            expected: "at least one batch with finite numbers",
            remedy: "Train with nonFinite: .stop(savingCaseIn:) to see which layer it is")
    }
}
