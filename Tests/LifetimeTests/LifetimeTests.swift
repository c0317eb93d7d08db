import TestSupport
import Testing

/// Threads and memory are looked at in a process of their own.
@Suite("Lifetimes")
struct LifetimeTests {
    /// One line of the probe; `nil` for what the system does not tell.
    private struct Reading {
        let count: Int
        let threads: Int?
        let kilobytes: Int?
    }

    private func readings(_ mode: String) throws -> [Reading] {
        let run = try BuiltProgram("lifetime-probe").run([mode])
        #expect(run.code == 0, "\(run.errors)")
        return run.output.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return Reading(count: Int(words[0]) ?? 0, threads: Int(words[1]), kilobytes: Int(words[2]))
        }
    }

    @Test(
        "a thousand models made, trained, asked and dropped leave no thread, and memory is flat after a hundred"
    )
    func models() throws {
        let readings = try readings("models")
        #expect(readings.map(\.count) == [0, 100, 1_000])
        #expect(readings.map(\.threads) == Array(repeating: readings[0].threads, count: 3))
        // Debug builds leave more to the allocator, but nothing that grows.
        if let early = readings[1].kilobytes, let late = readings[2].kilobytes {
            #expect(Double(late) <= 1.02 * Double(early), "\(early) KiB, then \(late)")
        }
    }

    @Test("memory is flat from the first epoch to the twentieth")
    func epochs() throws {
        let readings = try readings("epochs")
        #expect(readings.map(\.count) == Array(1...20))
        // A reading is taken after an epoch's validation, so the first has all that there is to have.
        if let early = readings[0].kilobytes, let late = readings[19].kilobytes {
            #expect(Double(late) <= 1.02 * Double(early), "\(early) KiB, then \(late)")
        }
    }
}
