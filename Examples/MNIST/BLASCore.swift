import ArgumentParser
import Foundation
import SwiftConvNet

/// What to do when the environment holds OpenBLAS back: `--blas-core`.
enum BLASCore: String, ExpressibleByArgument, CaseIterable {
    /// Start again without the variables that do.
    case auto
    /// Warn, and go on.
    case keep

    /// Set in a process that has been started again, so that it is not once more.
    private static let restartVariable = "SWIFTCONVNET_MNIST_RESTARTED"

    /// Returns if OpenBLAS is to be used as it is; otherwise this process begins again.
    func apply() {
        guard let weakCore = OpenBLAS.weakCore else { return }
        let isSecondStart = ProcessInfo.processInfo.environment[Self.restartVariable] != nil
        guard self == .auto, weakCore.variable != nil, !isSecondStart else {
            return OpenBLAS.warnIfWeak()
        }
        Console.note("\(weakCore); starting again without it (--blas-core keep leaves it).")
        let reason = startAgain()
        Console.note("Cannot start again: \(reason). \(weakCore.remedy).")
    }

    /// Replaces this process by a new one with the same arguments; returns only if that fails, the reason.
    private func startAgain() -> String {
        let link = "/proc/self/exe"
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? link
        // OPENBLAS_L2_SIZE is set beside the core type where that is, and misleads the right core's kernels.
        unsetenv(OpenBLAS.WeakCore.variableName)
        unsetenv("OPENBLAS_L2_SIZE")
        setenv(Self.restartVariable, "1", 1)
        execv(program, CommandLine.unsafeArgv)
        return ConvNetError.systemMessage()
    }
}
