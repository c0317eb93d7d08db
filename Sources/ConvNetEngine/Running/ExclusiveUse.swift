import Foundation
import Synchronization

/// Sees to it that one thread at a time uses a model. That thread may call the model again meanwhile, as callbacks of
/// `fit` do. A model that shares parameters with others keeps their threads out, too.
package final class ExclusiveUse: Sendable {
    /// The thread that uses the model, or 0.
    private let owner = Atomic<UInt>(0)
    /// How many calls that thread is in; only it counts.
    private let depth = Atomic<Int>(0)
    /// Those of the models whose parameters the model shares, each once.
    private let others: [ExclusiveUse]

    package init(with others: [ExclusiveUse] = []) {
        var all: [ExclusiveUse] = []
        for other in others.flatMap({ [$0] + $0.others }) where !all.contains(where: { $0 === other }) {
            all.append(other)
        }
        self.others = all
    }

    /// - Throws: `ConvNetError` of kind `state` if another thread uses the model, or one that shares parameters with it.
    package func begin(_ call: String) throws {
        try beginAlone(call)
        for (place, other) in others.enumerated() {
            do { try other.beginAlone(call) } catch {
                for begun in others.prefix(place) { begun.endAlone() }
                endAlone()
                throw error
            }
        }
    }

    package func end() {
        for other in others { other.endAlone() }
        endAlone()
    }

    private func beginAlone(_ call: String) throws {
        let thread = UInt(pthread_self())
        let (isFree, current) = owner.compareExchange(
            expected: 0,
            desired: thread,
            ordering: .acquiring
        )
        guard isFree || current == thread else {
            throw ConvNetError(
                .state,
                "Another thread is using the model",
                at: call,
                expected: "one thread at a time",
                received: "two",
                remedy:
                    "Share a predictor, which any number of threads may ask at once: let predictor = try model.predictor()"
            )
        }
        depth.add(1, ordering: .relaxed)
    }

    private func endAlone() {
        if depth.subtract(1, ordering: .relaxed).newValue == 0 { owner.store(0, ordering: .releasing) }
    }
}
