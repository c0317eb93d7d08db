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

    /// Replaces this process by a new one with the same arguments in which OpenBLAS starts no threads of its own, each of
    /// which takes 128 MiB of address space. For programs, where `Buffers.ownThreadsAreInTheWay`.
    ///
    /// - Returns: only if that fails, the reason.
    package static func startAgainWithoutThreads() -> String {
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        return replaceProcess()
    }

    private static func replaceProcess() -> String {
        let link = "/proc/self/exe"
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? link
        execv(program, CommandLine.unsafeArgv)
        return ConvNetError.systemMessage()
    }
}
