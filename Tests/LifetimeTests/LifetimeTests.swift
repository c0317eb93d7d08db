import TestSupport
import Testing

/// Threads and memory are looked at in a process of their own.
@Suite("Lifetimes")
struct LifetimeTests {
    /// One line of the probe.
    private struct Reading {
        let count: Int
        let threads: Int
        let kilobytes: Int
    }

    private func readings(_ mode: String) throws -> [Reading] {
        let run = try BuiltProgram("lifetime-probe").run([mode])
        #expect(run.code == 0, "\(run.errors)")
        return try run.output.split(separator: "\n").map { line in
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            try #require(numbers.count == 3, "\(line)")
            return Reading(count: numbers[0], threads: numbers[1], kilobytes: numbers[2])
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
        let (early, late) = (readings[1].kilobytes, readings[2].kilobytes)
        #expect(Double(late) <= 1.02 * Double(early), "\(early) KiB, then \(late)")
    }

    @Test("memory is flat while 8,000 predictions are made, and fifty predictors come and go")
    func predictors() throws {
        let readings = try readings("predictors")
        #expect(readings.map(\.count) == [2_000, 10_000])
        let (early, late) = (readings[0].kilobytes, readings[1].kilobytes)
        // A busy machine may let more calls meet later than at first, each with an engine of some 100 KiB; a leak of one
        // engine in a hundred calls would be above this.
        #expect(late - early < 4096, "\(early) KiB, then \(late)")
    }

    @Test("memory is flat from the first epoch to the twentieth")
    func epochs() throws {
        let readings = try readings("epochs")
        #expect(readings.map(\.count) == Array(1...20))
        // A reading is taken after an epoch's validation, so the first has all that there is to have.
        let (early, late) = (readings[0].kilobytes, readings[19].kilobytes)
        #expect(Double(late) <= 1.02 * Double(early), "\(early) KiB, then \(late)")
    }
}
