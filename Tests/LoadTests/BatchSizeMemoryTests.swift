import Foundation
import TestSupport
import Testing

/// Memory that does not depend on how many batch sizes a process has seen, nor on how many ask at once. Each reading is of a
/// process of its own. Sanitizers keep memory of their own, so the figures mean nothing there.
@Suite(
    "Memory of many batch sizes and callers",
    .enabled(if: ProcessInfo.processInfo.environment["TSAN_OPTIONS"] == nil, "sanitizers keep memory")
)
struct BatchSizeMemoryTests {
    @Test(
        "Batches of 1 to 64 samples take at most twice the memory of batches of 64",
        arguments: ["predict", "evaluate", "train", "predictor"]
    )
    func sizes(call: String) throws {
        func residentKiB(_ sizes: String) throws -> Int {
            let run = try BuiltProgram("memory-probe").run(["sizes", call, sizes])
            #expect(run.code == 0, "\(run.errors.suffix(500))")
            return try #require(Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        let one = try residentKiB("one"), all = try residentKiB("all")
        #expect(one > 0)
        #expect(all <= 2 * one, "\(call): \(one) KiB with one size, \(all) KiB with 64")
    }

    @Test(
        "Three hundred callers at once all get the right answer",
        arguments: [("predictor", "automatic"), ("models", "im2col")]
    )
    func callers(what: String, path: String) throws {
        let run = try BuiltProgram("memory-probe").run(["callers", what, "300", path])
        #expect(run.code == 0, "\(run.errors.suffix(500))")
        #expect(!run.errors.contains("OpenBLAS warning"))
        let numbers = run.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(numbers.count == 2)
        #expect(numbers[0] == 300)
        // An engine for each of the 300 would take 300 MiB: 1 MiB for 64 inputs and outputs of 2,048 values.
        if what == "predictor" { #expect(numbers[1] < 150_000, "\(numbers[1]) KiB") }
    }
}
