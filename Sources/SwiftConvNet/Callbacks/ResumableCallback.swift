import Foundation

/// A callback that keeps something from event to event, and goes on with it when training is resumed from a checkpoint.
///
/// ```swift
/// final class BatchCounter: ResumableCallback {
///     private(set) var count = 0
///     func receive(_ event: TrainingEvent, in session: TrainingSession) {
///         if case .batchEnded = event { count += 1 }
///     }
///     func saveState() throws -> Data { try JSONEncoder().encode(count) }
///     func restoreState(_ state: Data) throws { count = try JSONDecoder().decode(Int.self, from: state) }
/// }
/// ```
///
/// A checkpoint keeps the state of each such callback by its place among them and the name of its type; a run is
/// resumed with the same ones. A callback that is not resumable begins anew in a resumed run: it may be there or not.
public protocol ResumableCallback: Callback {
    /// What `restoreState` needs: asked for whenever a checkpoint is written, after an event that all callbacks have
    /// received.
    func saveState() throws -> Data

    /// Puts back what `saveState` returned; called in a resumed run, after `.trainingBegan`.
    ///
    /// - Throws: whatever says that the state is not this callback's; `fit` throws it on.
    func restoreState(_ state: Data) throws
}

extension ResumableCallback {
    /// The name by which a checkpoint knows the callback.
    var typeName: String { String(describing: Self.self) }
}
