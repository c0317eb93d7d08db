import CKernels
import Foundation

/// The number of processors that this process may use: those of its affinity mask, limited by the
/// smallest quota of its control group and those above, at least one.
package func availableProcessorCount() -> Int {
    var count = ProcessInfo.processInfo.activeProcessorCount
    #if os(Linux)
        let allowed = Int(ck_affinity_processor_count())
        if allowed > 0 { count = allowed }
        if let quota = ControlGroups.current.processorQuota {
            count = min(count, Int(quota.rounded(.up)))
        }
    #endif
    return max(count, 1)
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
                    .argument,
                    "Not a number of threads",
                    at: place,
                    expected: "an integer in 1...1024",
                    received: received
                )
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
