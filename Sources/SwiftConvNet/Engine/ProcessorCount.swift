import CKernels
import Foundation

/// The number of processors that this process may use: those of its affinity mask, limited by the quota of
/// its control group, at least one.
package func availableProcessorCount() -> Int {
    var count = ProcessInfo.processInfo.activeProcessorCount
    #if os(Linux)
        let allowed = Int(ck_affinity_processor_count())
        if allowed > 0 { count = allowed }
        if let quota = controlGroupQuota(readingFrom: { try? String(contentsOfFile: $0, encoding: .utf8) }) {
            count = min(count, Int(quota.rounded(.up)))
        }
    #endif
    return max(count, 1)
}

/// The processors' worth of time that the control group of this process grants, from cgroup v2's `cpu.max` or
/// v1's quota and period; `nil` without a limit.
package func controlGroupQuota(readingFrom read: (String) -> String?) -> Double? {
    func ratio(_ quota: Substring?, _ period: Substring?) -> Double? {
        guard let quota = quota.flatMap({ Double($0) }), let period = period.flatMap({ Double($0) }),
            quota > 0, period > 0
        else { return nil }
        return quota / period
    }
    func words(_ path: String) -> [Substring] { read(path)?.split(whereSeparator: \.isWhitespace) ?? [] }

    let unified = words("/sys/fs/cgroup/cpu.max")
    if unified.count == 2 { return ratio(unified[0], unified[1]) }
    return ratio(
        words("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").first,
        words("/sys/fs/cgroup/cpu/cpu.cfs_period_us").first)
}

extension ComputeOptions {
    /// The number of workers that these options ask for, and the environment variable and the machine after them.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a number is not a positive integer.
    package func workerCount(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Int {
        func checked(_ count: Int?, _ place: String, _ received: String) throws -> Int {
            guard let count, (1...1024).contains(count) else {
                throw ConvNetError(
                    .argument, "Not a number of threads", at: place, expected: "an integer in 1...1024",
                    received: received)
            }
            return count
        }
        if let threads { return try checked(threads, "ComputeOptions.threads", "\(threads)") }
        if let text = environment["SWIFTCONVNET_NUM_THREADS"], !text.isEmpty {
            return try checked(Int(text), "environment variable SWIFTCONVNET_NUM_THREADS", "\"\(text)\"")
        }
        return availableProcessorCount()
    }
}
