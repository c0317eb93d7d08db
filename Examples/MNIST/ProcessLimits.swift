import Foundation
import SwiftConvNet

/// What the program does about limits of its own process, before anything else.
enum ProcessLimits {
    /// Makes do with little address space (`ulimit -v`, as batch schedulers set it): OpenBLAS' own threads, which nothing
    /// here needs, go if they are in the way, and all threads allocate from one arena.
    static func prepare() {
        guard AddressSpace.limit != nil else { return }
        if getenv("OPENBLAS_NUM_THREADS") == nil, OpenBLAS.Buffers.ownThreadsAreInTheWay {
            let reason = OpenBLAS.startAgainWithoutThreads()
            Console.note("Cannot start again with OPENBLAS_NUM_THREADS=1: \(reason).")
        }
        AddressSpace.useOneArena()
    }
}
