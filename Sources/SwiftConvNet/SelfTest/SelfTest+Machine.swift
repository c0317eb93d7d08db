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
                name: "OpenBLAS threads", value: "\(OpenBLAS.parallelModel), \(OpenBLAS.threadCount) per call"
            ),
            .init(name: "OpenBLAS build", value: OpenBLAS.configuration),
            .init(name: "Memory", value: "\(limits)"),
            .init(
                name: "Environment",
                value: variables.isEmpty
                    ? "nothing that matters here"
                    : variables.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")),
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
                name, .warning,
                "\(steering.joined(separator: " and ")) decide how OpenBLAS runs, in place of what it finds itself",
                remedy: "Start again without: env " + steering.map { "-u \($0)" }.joined(separator: " "))
        }
        return .init(name, .passed, "Those of the core \(OpenBLAS.coreName)")
    }

    /// Whether there is memory to train a small network in.
    package static func memory(_ limits: MemoryLimits) -> SelfTestReport.Check {
        let name = "Memory"
        // Training the MNIST network takes 107 MB (docs/benchmarks/2026-11-22-peers.md).
        let needed = 256 << 20
        guard let least = limits.least else { return .init(name, .passed, "No limit is known") }
        let amount = MemoryLimits.text(least.byteCount)
        guard least.byteCount < needed else {
            return .init(name, .passed, "\(amount) at least, by \(least.name)")
        }
        return .init(
            name, .warning, "Only \(amount), by \(least.name)",
            remedy:
                "Raise the limit, or train with small batches: the MNIST network takes 107 MB at batch size 128"
        )
    }
}
