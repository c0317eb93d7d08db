import ArgumentParser
import BenchmarkCore
import Foundation
import SwiftConvNet

/// What to do when the environment steers OpenBLAS: `--blas-core`.
enum BLASCore: String, ExpressibleByArgument, CaseIterable {
    /// Start again without the variables that do.
    case auto
    /// Leave them.
    case keep

    /// Returns if OpenBLAS is to be used as it is; otherwise this process begins again.
    func apply() {
        let environment = ProcessInfo.processInfo.environment
        let found = OpenBLAS.steeringVariables.filter { environment[$0] != nil }
        guard !found.isEmpty else { return }
        let names = found.joined(separator: " and ")
        guard self == .auto, !OpenBLAS.hasStartedAgain else {
            return Console.note("The environment steers OpenBLAS: \(names), core \(OpenBLAS.coreName).")
        }
        Console.note("Starting again without \(names) (--blas-core keep leaves it).")
        Console.note("Cannot start again: \(OpenBLAS.startAgain()).")
    }
}
