import Foundation
import Testing

/// Allocations are counted in a process of its own, in which every call of the allocator is counted.
@Suite("Allocations")
struct AllocationTests {
    private var probe: String? {
        let own =
            [Bundle.main.executablePath ?? "", CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
        return own.map { ($0 as NSString).deletingLastPathComponent + "/allocation-probe" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    @Test("twenty more steps of training, or batches of an evaluation, allocate nothing, on any thread")
    func steadyState() throws {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try #require(probe, "allocation-probe is not beside the tests"))
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let counts = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(counts.map { $0[0] } == ["training", "evaluation"])
        // Debug builds allocate what the optimiser removes.
        #if !DEBUG
            for count in counts where count[1] != "unknown" { #expect(count[1] == "0", "\(count[0])") }
        #endif
    }
}
