import Foundation

extension OpenBLAS {
    /// The environment variables that decide which kernels OpenBLAS runs and how: `OPENBLAS_CORETYPE`, and
    /// `OPENBLAS_L2_SIZE`, which is set beside it and misleads the right core's kernels.
    public static let steeringVariables = [WeakCore.variableName, "OPENBLAS_L2_SIZE"]

    /// Set in a process that has been started again, so that it is not once more.
    private static let restartVariable = "SWIFTCONVNET_RESTARTED"

    /// Whether `startAgain` has made this process.
    public static var hasStartedAgain: Bool {
        ProcessInfo.processInfo.environment[restartVariable] != nil
    }

    /// Replaces this process by a new one with the same arguments and without `steeringVariables`, for OpenBLAS reads
    /// them before a program can change them. For programs, at the very beginning of their `main`.
    ///
    /// - Returns: only if that fails, the reason.
    public static func startAgain() -> String {
        for name in steeringVariables { unsetenv(name) }
        setenv(restartVariable, "1", 1)
        return replaceProcess()
    }

    /// Makes do with little address space (`ulimit -v`, as batch schedulers set it); without a limit it does nothing. For
    /// programs, at the very beginning of their `main`.
    ///
    /// OpenBLAS starts threads of its own, which nothing here needs, and each takes 128 MiB of addresses. Where they are in
    /// the way, and `OPENBLAS_NUM_THREADS` does not say how many there are to be, the process is replaced by a new one with
    /// the same arguments and without them. From then on all threads allocate from one arena of the C library.
    ///
    /// - Returns: the reason, if the process should be replaced and cannot be.
    public static func prepareForLittleAddressSpace() -> String? {
        guard AddressSpace.limit != nil else { return nil }
        var reason: String?
        if getenv("OPENBLAS_NUM_THREADS") == nil, Buffers.ownThreadsAreInTheWay {
            setenv("OPENBLAS_NUM_THREADS", "1", 1)
            reason = replaceProcess()
        }
        AddressSpace.useOneArena()
        return reason
    }

    private static func replaceProcess() -> String {
        let link = "/proc/self/exe"
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? link
        execv(program, CommandLine.unsafeArgv)
        return ConvNetError.systemMessage()
    }
}
