import BenchmarkCore
import SwiftConvNet

/// How much to measure, and with what.
struct Effort {
    let threads: Int
    let repeats: Int
    /// Whether this is a smoke run.
    let isQuick: Bool
    /// Whether slow paths run on large sizes, too.
    let isFull: Bool

    /// The library's options.
    var options: ComputeOptions { ComputeOptions(threads: threads) }

    /// A stopwatch with these repeats.
    var stopwatch: Stopwatch { Stopwatch(repeats: repeats, minimumSeconds: isQuick ? 0.01 : 0.1) }

    /// The note about repeats and threads.
    var note: String { "median of \(repeats) repeats, \(threads) \(threads == 1 ? "thread" : "threads")" }
}
