import ArgumentParser
import SwiftConvNet

/// What to do when the environment holds OpenBLAS back: `--blas-core`.
enum BLASCore: String, ExpressibleByArgument, CaseIterable {
    /// Start again without the variables that do.
    case auto
    /// Warn, and go on.
    case keep

    /// Returns if OpenBLAS is to be used as it is; otherwise this process begins again.
    func apply() {
        guard let weakCore = OpenBLAS.weakCore else { return }
        guard self == .auto, weakCore.variable != nil, !OpenBLAS.hasStartedAgain else {
            return OpenBLAS.warnIfWeak()
        }
        Console.note("\(weakCore); starting again without it (--blas-core keep leaves it).")
        let reason = OpenBLAS.startAgain()
        Console.note("Cannot start again: \(reason). \(weakCore.remedy).")
    }
}
