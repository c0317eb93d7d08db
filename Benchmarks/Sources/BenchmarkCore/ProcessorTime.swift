import Foundation

/// The time that processors have worked, in seconds: for a program and for the system on its behalf.
package enum ProcessorTime {
    /// That of all threads of this process during one call of `work`.
    package static func ofProcess(_ work: () throws -> Void) rethrows -> Double {
        try seconds(CLOCK_PROCESS_CPUTIME_ID, work)
    }

    /// That of the calling thread during one call of `work`.
    package static func ofThread(_ work: () throws -> Void) rethrows -> Double {
        try seconds(CLOCK_THREAD_CPUTIME_ID, work)
    }

    private static func seconds(_ clock: clockid_t, _ work: () throws -> Void) rethrows -> Double {
        let start = now(clock)
        try work()
        return now(clock) - start
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
