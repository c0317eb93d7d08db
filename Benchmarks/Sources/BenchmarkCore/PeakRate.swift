import CPeak
import Foundation
import Synchronization

/// The most floating-point operations that the processor does, measured with multiply-adds in registers.
package enum PeakRate {
    /// Operations per second of some threads at once, the best of a few tries: nothing else is a peak.
    package static func measure(threads: Int, seconds: Double = 0.1, tries: Int = 5) -> Double {
        let level = cp_supported_level()
        var sink: Float = 0
        _ = cp_multiply_add(level, 1_000_000, &sink)
        let start = ContinuousClock().now
        _ = cp_multiply_add(level, 1_000_000, &sink)
        let once = start.duration(to: ContinuousClock().now).components.attoseconds
        let iterations = max(1_000_000, Int(seconds * 1e6 / (Double(max(once, 1)) * 1e-18)))
        return (0..<tries).map { _ in rate(level, iterations, threads: threads) }.max() ?? 0
    }

    private static func rate(_ level: Int32, _ iterations: Int, threads: Int) -> Double {
        let operations = Mutex(0.0)
        let time = Stopwatch.seconds {
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                var sink: Float = 0
                let done = cp_multiply_add(level, iterations, &sink)
                operations.withLock { $0 += done }
            }
        }
        return operations.withLock { $0 } / time
    }
}
