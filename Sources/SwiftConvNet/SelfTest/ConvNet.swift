import CKernels
import Foundation

/// What concerns the library as a whole.
public enum ConvNet {
    /// The version of this library.
    public static var version: String { LibraryVersion.current }

    /// Checks the machine and the libraries that this process runs with: matrix products against double precision, the
    /// thread-safety of the linked OpenBLAS, denormals, workers and their bits, memory, and environment variables.
    ///
    /// Takes a fraction of a second. As every model does, it sets OpenBLAS to one thread per call. For a look at a new
    /// machine, and for bug reports: `mnist doctor` prints it.
    public static func selfTest() -> SelfTestReport {
        let environment = ProcessInfo.processInfo.environment
        OpenBLAS.useOneThread()
        let limits = MemoryLimits.current
        let workers = try? ComputeOptions().workerCount(environment: environment)
        // Before the others take any.
        let memory = SelfTest.memory(limits, workers: workers ?? 1)
        return SelfTestReport(
            facts: SelfTest.facts(limits: limits, environment: environment),
            checks: [
                SelfTest.withBuffers("Matrix products", threads: 1) { _ in
                    SelfTest.products { $0.multiplied(by: .openBLAS) }
                },
                SelfTest.withBuffers("Products on several threads", threads: 8) { threads in
                    SelfTest.concurrency(parallelModel: OpenBLAS.parallelModel, threads: threads) {
                        $0.multiplied(by: .openBLAS)
                    }
                },
                SelfTest.core(OpenBLAS.weakCore, environment: environment),
                SelfTest.denormals(),
                SelfTest.workers(environment: environment),
                SelfTest.sameBits(),
                memory,
            ]
        )
    }
}

/// The checks of `ConvNet.selfTest`, one function each.
package enum SelfTest {}
