import BenchmarkCore
import Foundation

/// This program, started again as a process of its own.
enum OurProcess {
    /// The path of this program.
    static var path: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }

    /// The launcher of measured programs.
    static var launcher: [String] { [path, "launch"] }

    /// Runs `convnet-bench child` with some arguments, and measures it.
    static func child(_ arguments: [String]) throws -> MeasuredProgram {
        try MeasuredProgram.run([path, "child"] + arguments, by: launcher)
    }
}
