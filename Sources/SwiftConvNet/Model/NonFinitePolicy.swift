/// What `fit` does with a batch whose loss, or a gradient, is NaN or infinite.
///
/// Keras trains on with such numbers. Here loss and gradients are looked at before the optimizer's update, so that such a batch
/// never reaches the weights:
///
/// ```swift
/// try model.fit(data, epochs: 20, nonFinite: .stop(savingCaseIn: "runs"))
/// ```
public enum NonFinitePolicy: Sendable, Hashable {
    /// Training ends: `fit` throws a `ConvNetError` of kind `numeric` that names the first layer and the samples. The
    /// model keeps weights and moving statistics of the last good step.
    ///
    /// With a folder, which is made if it is not there, the case is saved in it as a `NonFiniteCase`, and the error says where.
    case stop(savingCaseIn: String? = nil)
    /// There is no update, moving statistics are as before, and the figures of the epoch leave the batch out.
    /// `EpochRecord.skippedBatches` counts them; an epoch of which no batch is left ends training as `stop` does.
    case skipBatch
    /// The update is done, as Keras does it; see `TerminateOnNaN`.
    case ignore
}
