import ArgumentParser
import SwiftConvNet

/// How the tool ends: its exit codes, on which scripts may rely. A signal that ends it gives 128 and its number, as in shells.
enum ToolExit: Int32, CaseIterable {
    /// All is done.
    case success = 0
    /// Something went wrong that has no code of its own.
    case failure = 1
    /// What was compared differs by more than the tolerance, or a check of `doctor` failed.
    case disagreement = 2
    /// A file is missing, or cannot be read or written.
    case file = 3
    /// A file's content is not what its format demands, or the format is not known.
    case format = 4
    /// Model, data and options do not go together, or the model has what this library does not run.
    case mismatch = 5
    /// The machine, its memory or the build lacks something: a trait, say.
    case environment = 6
    /// A download failed.
    case network = 7
    /// Training came to numbers that are not finite.
    case numeric = 8
    /// The command line is wrong: `EX_USAGE` of `sysexits.h`, as ArgumentParser has it.
    case usage = 64

    /// The code for an error of the library.
    init(_ error: ConvNetError) {
        self =
            switch error.kind {
            case .file: .file
            case .format: .format
            case .shape, .argument, .data: .mismatch
            case .environment: .environment
            case .network: .network
            case .numeric: .numeric
            case .state: .failure
            }
    }

    /// What a command throws to end with this code, after it has said why.
    var code: ExitCode { ExitCode(rawValue) }

    /// What the code means, for the help.
    var meaning: String {
        switch self {
        case .success: "done"
        case .failure: "another failure"
        case .disagreement: "beyond the tolerance, or a check failed"
        case .file: "a file is missing, or cannot be read or written"
        case .format: "a file is broken, or of no known format"
        case .mismatch: "model, data and options do not fit, or an operator is not supported"
        case .environment: "the machine or the build lacks something"
        case .network: "a download failed"
        case .numeric: "numbers that are not finite"
        case .usage: "a wrong command line"
        }
    }

    /// All codes, for the help.
    static var table: String {
        let rows = allCases.map { ("\($0.rawValue)", $0.meaning) } + [("128+n", "ended by signal n")]
        return rows.map { $0.paddedLeft(to: 5) + "  " + $1 }.joined(separator: "\n")
    }
}

extension String {
    /// The text with spaces before it, `width` characters at least.
    func paddedLeft(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

    /// The text with spaces after it, `width` characters at least.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
