import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// One process of `checkpoint-probe`.
struct Probe {
    /// When a process is killed.
    enum Moment {
        /// At its own event of this number: steps done (`s`), or pieces of checkpoints written (`w`). The process kills
        /// itself, so that the moment is the same however busy the machine is.
        case event(Character, Int)
        /// So long after its start.
        case seconds(Double)
    }

    /// How a process ended.
    struct End {
        /// Whether it ended by itself, and well.
        let isDone: Bool
        let code: Int32
        let errors: String
    }

    /// Runs a process on a folder to its end, or until a moment has come.
    @discardableResult
    static func run(in folder: String, killedAt moment: Moment? = nil, limit: Int? = nil) throws -> End {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: BuiltProgram("checkpoint-probe").path)
        process.arguments = [folder]
        switch moment {
        case .event(let kind, let number): process.arguments? += ["kill", "\(kind)", "\(number)"]
        case .seconds: process.arguments? += ["slow"]
        case nil: if let limit { process.arguments? += ["limit", "\(limit)"] }
        }
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        if case .seconds(let seconds)? = moment {
            usleep(UInt32(seconds * 1e6))
            kill(process.processIdentifier, SIGKILL)
        }
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let isExit = process.terminationReason == .exit
        return End(
            isDone: isExit && process.terminationStatus == 0,
            code: isExit ? process.terminationStatus : -1,
            errors: text
        )
    }

    /// What a run has left: the model's bytes and the log's.
    static func result(in folder: String) throws -> [[UInt8]] {
        try ["model.safetensors", "log.csv"].map {
            try FileContents.read("\(folder)/\($0)", limit: 1 << 24)
        }
    }

    /// What an uninterrupted run leaves.
    static let uninterrupted = Result {
        let folder = try TemporaryFolder()
        let end = try run(in: folder.path)
        #expect(end.isDone, "\(end.errors)")
        return try result(in: folder.path)
    }
}
