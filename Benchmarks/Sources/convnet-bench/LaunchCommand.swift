import ArgumentParser
import BenchmarkCore
import Foundation

/// `convnet-bench launch`: runs a program to its end, and prints what `MeasuredProgram` says of it.
///
/// Linux counts to a program's peak memory what its starter had at that moment: so measured programs are started by
/// this, which has next to nothing, and not by a process that has just run benchmarks.
struct LaunchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Runs a program and measures it.",
        shouldDisplay: false
    )

    @Argument(parsing: .captureForPassthrough)
    var words: [String] = []

    func run() throws {
        guard let program = words.first else { throw ValidationError("A program is missing") }
        let measured = try MeasuredProgram(running: program, Array(words.dropFirst()))
        Console.say(String(decoding: try JSONEncoder().encode(measured), as: UTF8.self))
    }
}
