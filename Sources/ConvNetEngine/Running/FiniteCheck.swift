import CKernels
import Synchronization

/// Whether all values of a buffer are finite: asked of the gradients after every step, so the workers share it.
package final class FiniteCheck: WorkerJob {
    private let values: AlignedBuffer
    private let count: Int
    private let isRefuted = Atomic<Bool>(false)

    /// Values that one unit of work looks at: enough to be worth the handing over.
    private static let pieceCount = 32_768

    package init(_ values: AlignedBuffer, count: Int) {
        self.values = values
        self.count = count
    }

    package func callAsFunction(on engine: Engine) throws -> Bool {
        isRefuted.store(false, ordering: .relaxed)
        try engine.dispatch(self, units: (count + Self.pieceCount - 1) / Self.pieceCount)
        return !isRefuted.load(ordering: .relaxed)
    }

    package func perform(unit: Int, worker: Int) {
        let start = unit * Self.pieceCount
        let isFinite = ck_all_finite(values.floats + start, min(Self.pieceCount, count - start)) == 1
        if !isFinite { isRefuted.store(true, ordering: .relaxed) }
    }
}
