import CKernels
import COpenBLAS
import Foundation

/// The OpenBLAS that this process runs with: what it is, and how the engine tames its threads.
public enum OpenBLAS {
    /// How a build of OpenBLAS spreads its work, by its own answer (`openblas_get_parallel`).
    public enum ParallelModel: Int, Sendable, Hashable, Codable {
        /// No threads; and in Debian's build wrong results when several threads call it at once.
        case serial = 0
        /// Threads of its own.
        case threads = 1
        /// The threads of OpenMP.
        case openMP = 2
    }

    /// What the build says of itself: `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64`.
    public static var configuration: String { String(cString: openblas_get_config()) }

    /// The version: `0.3.21`. Empty if the build does not say.
    public static var version: String {
        let words = configuration.split(separator: " ")
        return words.count > 1 && words[0] == "OpenBLAS" ? String(words[1]) : ""
    }

    /// The processor whose kernels run: `Haswell`, `SkylakeX`, `Zen`. Part of the reproducibility key.
    public static var coreName: String { String(cString: openblas_get_corename()) }

    /// How the build spreads its work.
    public static var parallelModel: ParallelModel {
        ParallelModel(rawValue: Int(openblas_get_parallel())) ?? .serial
    }

    /// `MAX_THREADS` of the build: how many threads it counts on, with a table of twice as many buffers. 32 if it does not
    /// say.
    static let maximumThreads: Int = {
        let name = "MAX_THREADS="
        let word = configuration.split(separator: " ").first { $0.hasPrefix(name) }
        return max(word.flatMap { Int($0.dropFirst(name.count)) } ?? 32, 1)
    }()

    /// The number of threads that one call may use at present, on the calling thread.
    package static var threadCount: Int { Int(openblas_get_num_threads()) }

    /// Whether several threads may call it at once. Where they may not, the engine runs one worker.
    ///
    /// False for a serial build: Debian's gave 310 wrong results in 16,000 concurrent calls, its pthread and
    /// OpenMP builds none (OpenBLAS 0.3.21, 8 threads).
    package static var supportsConcurrentCalls: Bool { parallelModel != .serial }

    /// From now on every call runs on its caller's thread alone, in the whole process.
    ///
    /// The engine's workers provide the parallelism, and results with one thread are the same bits in every
    /// run. In an OpenMP build the setting holds for the calling thread only:
    /// there every worker also calls `useOneOpenMPThread()`.
    package static func useOneThread() {
        // Before the setting hides it.
        _ = Buffers.ownThreadCount
        if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
    }

    /// Limits OpenMP to one thread for calls from the calling thread, if the build uses OpenMP.
    ///
    /// `omp_set_num_threads` is looked up at run time, so that nothing needs OpenMP to link.
    ///
    /// - Returns: whether there was an OpenMP to limit.
    @discardableResult
    package static func useOneOpenMPThread() -> Bool {
        guard parallelModel == .openMP, let setOpenMPThreads else { return false }
        setOpenMPThreads(1)
        return true
    }

    private static let setOpenMPThreads: (@convention(c) @Sendable (Int32) -> Void)? = function(
        "omp_set_num_threads"
    )

    /// Says that OpenBLAS runs kernels for a weaker processor than this one, and what to do; `nil` if it does not,
    /// or if the core is not known to this library.
    ///
    /// Environments that export `OPENBLAS_CORETYPE=Haswell` halve its speed on a processor with AVX-512.
    public static var weakCore: WeakCore? {
        WeakCore(
            core: coreName,
            processor: VectorLevel(ck_supported_level()),
            variable: ProcessInfo.processInfo.environment[WeakCore.variableName],
            choosesAtRunTime: configuration.contains("DYNAMIC_ARCH")
        )
    }

    /// Says on standard error that a weaker core is in use, and what to do, once in the life of the process; says
    /// nothing if none is. `fit` calls it unless it is to be silent.
    public static func warnIfWeak() { warning }

    private static let warning: Void = {
        if let weakCore { StandardError.write("\(weakCore). \(weakCore.remedy).\n") }
    }()
}
