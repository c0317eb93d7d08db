import Foundation
import TestSupport
import Testing

/// Training on files, in a process of its own. Sanitizers keep memory of their own, so the figures mean nothing there.
@Suite(
    "Memory of files that are larger than it",
    .enabled(if: ProcessInfo.processInfo.environment["TSAN_OPTIONS"] == nil, "sanitizers keep memory")
)
struct FileMemoryTests {
    private static let isLong = ProcessInfo.processInfo.environment["SWIFTCONVNET_LARGE_FILE"] != nil

    /// The most anonymous memory of each epoch of a run, in KiB.
    private func anonymous(mebibytes: Int, epochs: Int, in group: MemoryGroup? = nil) throws -> [Int] {
        let folder = try TemporaryFolder()
        let program = BuiltProgram("memory-probe")
        let arguments = ["file", folder.file("x.npy"), "\(mebibytes)", "\(epochs)"]
        let run =
            if let group {
                try BuiltProgram(path: "/bin/sh").run(
                    ["-c", "echo $$ > \"$0\" && exec \"$@\"", group.processes, program.path] + arguments,
                    timeout: 7200
                )
            } else {
                try program.run(arguments)
            }
        #expect(run.code == 0, "\(run.errors.suffix(500))")
        return run.output.split(separator: "\n").compactMap { Int($0) }
    }

    @Test("Anonymous memory stays flat over 20 epochs of a file")
    func short() throws {
        let sizes = try anonymous(mebibytes: 64, epochs: 20)
        try #require(sizes.count == 20)
        // Three batches of 8 MiB, two of them read ahead; the file itself would be 64.
        expectFlat(sizes, limit: 48 << 10)
    }

    @Test(
        "A file of 4 GiB is trained on for 20 epochs in a memory control group of 1 GiB",
        .enabled(if: isLong, "SWIFTCONVNET_LARGE_FILE is not set"),
        .enabled(if: MemoryGroup.canBeMade, "this process may not make a memory control group")
    )
    func long() throws {
        let group = try #require(MemoryGroup(limit: 1 << 30))
        let sizes = try anonymous(mebibytes: 4096, epochs: 20, in: group)
        print(
            "The most anonymous memory of each epoch in KiB:",
            sizes,
            "- most memory of the group:",
            group.peak ?? "unknown"
        )
        try #require(sizes.count == 20)
        expectFlat(sizes, limit: 48 << 10)
    }

    /// The second ten epochs may have 8 MiB more than the first: which threads come to read on a busy machine, and so what the
    /// allocator keeps for each, differs by some MiB from epoch to epoch. One sample of 1 MiB that stays in each epoch would be ten.
    private func expectFlat(_ sizes: [Int], limit: Int) {
        let early = sizes.prefix(10).max() ?? 0, late = sizes.suffix(10).max() ?? 0
        #expect(early > 0 && late < early + (8 << 10) && late < limit, "\(sizes)")
    }
}

/// A control group of memory that this process makes, and removes at its end.
final class MemoryGroup {
    /// The file to which a process writes its number to enter.
    let processes: String
    private let path: String
    private let isUnified: Bool

    static var canBeMade: Bool { MemoryGroup(limit: 1 << 30) != nil }

    /// A group of version 1 or 2, below the topmost one that can be seen; `nil` where that is not allowed.
    init?(limit: Int) {
        let name = "swiftconvnet-tests-\(UUID().uuidString)"
        for (parent, isUnified) in [("/sys/fs/cgroup/memory", false), ("/sys/fs/cgroup", true)] {
            let path = "\(parent)/\(name)"
            guard mkdir(path, 0o755) == 0 else { continue }
            let file = "\(path)/\(isUnified ? "memory.max" : "memory.limit_in_bytes")"
            // Where there is no such controller, the file is not there, and must not be made.
            if access(file, W_OK) == 0,
                (try? Data("\(limit)".utf8).write(to: URL(fileURLWithPath: file))) != nil,
                Int((try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n").first ?? "")
                    == limit
            {
                self.path = path
                self.isUnified = isUnified
                processes = "\(path)/cgroup.procs"
                return
            }
            rmdir(path)
        }
        return nil
    }

    /// The most memory that the group has had, its share of the system's cache of files included.
    var peak: String? {
        let file = "\(path)/\(isUnified ? "memory.peak" : "memory.max_usage_in_bytes")"
        return (try? String(contentsOfFile: file, encoding: .utf8))?.trimmingCharacters(
            in: .whitespacesAndNewlines
        )
    }

    deinit { rmdir(path) }
}
