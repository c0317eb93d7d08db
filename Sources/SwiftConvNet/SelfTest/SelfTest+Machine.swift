import CKernels
import Foundation

extension SelfTest {
    /// Versions, processor, threads, memory and environment.
    static func facts(limits: MemoryLimits, environment: [String: String]) -> [SelfTestReport.Fact] {
        let level = VectorLevel(ck_current_level()), best = VectorLevel(ck_supported_level())
        let workers = (try? ComputeOptions().workerCount(environment: environment)).map { "\($0)" } ?? "-"
        let variables = environment.filter { name, _ in
            ["OPENBLAS_", "OMP_", "GOTO_", "SWIFTCONVNET_"].contains { name.hasPrefix($0) }
        }
        return [
            .init(name: "SwiftConvNet", value: LibraryVersion.current),
            .init(name: "Processor", value: processorName ?? "unknown"),
            .init(name: "Processors", value: "\(availableProcessorCount()) for this process"),
            .init(name: "Workers", value: workers),
            .init(name: "Vector level", value: level == best ? "\(level)" : "\(level), lowered from \(best)"),
            .init(name: "OpenBLAS", value: OpenBLAS.version.isEmpty ? "unknown" : OpenBLAS.version),
            .init(name: "OpenBLAS core", value: OpenBLAS.coreName),
            .init(
                name: "OpenBLAS threads",
                value: "\(OpenBLAS.parallelModel), \(OpenBLAS.threadCount) per call"
            ),
            .init(name: "OpenBLAS build", value: OpenBLAS.configuration),
            .init(name: "Memory", value: "\(limits)"),
            .init(
                name: "Environment",
                value: variables.isEmpty
                    ? "nothing that matters here"
                    : variables.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
            ),
        ]
    }

    /// What the processor calls itself, on Linux.
    private static var processorName: String? {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n")
        let line = lines?.first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Whether OpenBLAS runs the kernels that suit the processor.
    package static func core(_ weakCore: OpenBLAS.WeakCore?, environment: [String: String])
        -> SelfTestReport.Check
    {
        let name = "OpenBLAS kernels"
        if let weakCore {
            return .init(name, .warning, "\(weakCore)", remedy: weakCore.remedy)
        }
        let steering = OpenBLAS.steeringVariables.filter { !(environment[$0] ?? "").isEmpty }
        guard steering.isEmpty else {
            return .init(
                name,
                .warning,
                "\(steering.joined(separator: " and ")) decide how OpenBLAS runs, in place of what it finds itself",
                remedy: "Start again without: env " + steering.map { "-u \($0)" }.joined(separator: " ")
            )
        }
        return .init(name, .passed, "Those of the core \(OpenBLAS.coreName)")
    }

    /// Whether there is memory to train a small network in, with OpenBLAS' buffers for each of `workers` threads.
    package static func memory(
        _ limits: MemoryLimits,
        workers: Int = 1,
        buffer: Int = OpenBLAS.Buffers.byteCount
    ) -> SelfTestReport.Check {
        let name = "Memory"
        // Training the MNIST network takes 107 MB (docs/benchmarks/2026-11-22-peers.md).
        let needed = AddressSpace.comfortable
        let each =
            "OpenBLAS takes \(MemoryLimits.text(buffer)) of address space for each of \(workers) workers"
        if let limit = limits.addressSpace, let used = limits.addressSpaceUsed,
            limit < used + workers * buffer + needed
        {
            let all = used + workers * buffer + needed
            let isEnoughForOne = limit >= used + buffer + AddressSpace.reserve
            return .init(
                name,
                isEnoughForOne ? .warning : .failed,
                "Only \(MemoryLimits.text(max(limit - used, 0))) are left of the address space (ulimit -v), and \(each)",
                remedy:
                    "Raise the limit to \(MemoryLimits.text(all)) (ulimit -v \(all >> 10)), or use fewer threads, or "
                    + "start with OPENBLAS_NUM_THREADS=1 and MALLOC_ARENA_MAX=1"
            )
        }
        guard let least = limits.least else { return .init(name, .passed, "No limit is known; \(each)") }
        let amount = MemoryLimits.text(least.byteCount)
        guard least.byteCount < needed else {
            return .init(name, .passed, "\(amount) at least, by \(least.name); \(each)")
        }
        return .init(
            name,
            .warning,
            "Only \(amount), by \(least.name)",
            remedy:
                "Raise the limit, or train with small batches: the MNIST network takes 107 MB at batch size 128"
        )
    }

    /// What an error says, as a finding: without its full stop.
    static func text(_ error: any Error) -> String {
        let text = "\(error)"
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// A check that multiplies by OpenBLAS on `threads` threads, or on as many as can have its buffers.
    static func withBuffers(
        _ name: String,
        threads: Int,
        _ check: (_ threads: Int) -> SelfTestReport.Check
    ) -> SelfTestReport.Check {
        do {
            let count = try OpenBLAS.Buffers.affordableThreads(of: threads)
            return try OpenBLAS.Buffers.withLease(count) { check(count) }
        } catch {
            return .init(name, .failed, text(error))
        }
    }
}
