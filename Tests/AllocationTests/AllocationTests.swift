import TestSupport
import Testing

/// Allocations are counted in a process of its own, in which every call of the allocator is counted.
@Suite("Allocations")
struct AllocationTests {
    @Test("twenty more steps of training, or batches of an evaluation, allocate nothing, on any thread")
    func steadyState() throws {
        let run = try BuiltProgram("allocation-probe").run([])
        #expect(run.code == 0)
        let counts = run.output.split(separator: "\n").map { $0.split(separator: ":").map(String.init) }
        let names = [
            "images", "sequences", "volumes", "moves", "normalizations", "augmentation", "attention",
            "closure",
        ]
        .flatMap {
            ["training of \($0)", "evaluation of \($0)"]
        }
        #expect(counts.map { $0[0] } == names)
        // Where the allocator cannot be watched, neither is known.
        try #require(counts.contains { $0[1] != " unknown" }, "the allocator's calls cannot be counted here")
        // Debug builds allocate what the optimiser removes.
        #if !DEBUG
            for count in counts where count[1] != " unknown" { #expect(count[1] == " 0", "\(count[0])") }
        #endif
    }
}
