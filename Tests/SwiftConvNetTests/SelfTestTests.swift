import Foundation
import SwiftConvNet
import Testing

@Suite("Self-test")
struct SelfTestTests {
    @Test("This machine passes, and the report names core, threads, vector level and memory")
    func passes() {
        let report = ConvNet.selfTest()
        #expect(report.passes, "\(report)")
        #expect(report.checks.count == 7)
        for name in [
            "OpenBLAS core", "OpenBLAS threads", "Vector level", "Processors", "Memory", "Environment",
        ] {
            #expect(report.facts.contains { $0.name == name && !$0.value.isEmpty }, "\(name)")
        }
        #expect("\(report)".contains(OpenBLAS.coreName))
    }

    @Test("A wrong product is found, with its shape: one element off, a NaN, nothing computed")
    func wrongProduct() {
        typealias Fault = @Sendable (inout [Float]) -> Void
        let faults: [Fault] = [{ $0[0] += 1e-3 }, { $0[$0.count - 1] = .nan }, { $0 = $0.map { _ in 0 } }]
        for fault in faults {
            let calls = Lock(0)
            let check = SelfTest.products { product in
                var result = product.multiplied(by: .openBLAS)
                if calls.withLock({
                    $0 += 1; return $0 == 3
                }) {
                    fault(&result)
                }
                return result
            }
            #expect(check.outcome == .failed)
            #expect(check.finding.hasSuffix("17x65 * 65x33") && check.remedy != nil, "\(check)")
        }
        for path in GEMMPath.allCases {
            #expect(SelfTest.products { $0.multiplied(by: path) }.outcome == .passed, "\(path)")
        }
    }

    @Test("Products that differ on other threads are found; a serial build is named")
    func concurrency() {
        let calls = Lock(0)
        let check = SelfTest.concurrency(parallelModel: .threads, calls: 200) { product in
            var result = product.multiplied(by: .openBLAS)
            // The first three calls make the reference.
            if calls.withLock({
                $0 += 1; return $0 == 100
            }) {
                result[1] = result[1].nextUp
            }
            return result
        }
        #expect(check.outcome == .failed && check.finding.hasPrefix("1 of 200 products"))
        let serial = SelfTest.concurrency(parallelModel: .serial) { _ in [] }
        #expect(serial.outcome == .warning && serial.remedy?.contains("libopenblas0-pthread") == true)
    }

    @Test("Environment variables that hold OpenBLAS back")
    func environment() {
        #expect(SelfTest.core(nil, environment: [:]).outcome == .passed)
        let check = SelfTest.core(nil, environment: ["OPENBLAS_L2_SIZE": "262144"])
        #expect(check.outcome == .warning)
        #expect(check.remedy == "Start again without: env -u OPENBLAS_L2_SIZE")
        let weak = OpenBLAS.WeakCore(
            core: "Haswell",
            processor: .avx512,
            variable: "Haswell",
            choosesAtRunTime: true
        )
        #expect(SelfTest.core(weak, environment: [:]).remedy?.contains("OPENBLAS_CORETYPE") == true)
    }

    @Test("Memory limits of control groups, version 2 and 1, and what is free")
    func memory() {
        let files = [
            "/proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable:    2000000 kB\n",
            "/proc/self/cgroup": "0::/user.slice/run-1.scope\n",
            "/sys/fs/cgroup/user.slice/memory.max": "104857600\n",
            "/sys/fs/cgroup/user.slice/run-1.scope/memory.max": "max\n",
        ]
        let limits = MemoryLimits(addressSpace: 1 << 32) { files[$0] }
        #expect(
            limits == MemoryLimits(available: 2_048_000_000, controlGroup: 104_857_600, addressSpace: 1 << 32)
        )
        let check = SelfTest.memory(limits)
        #expect(
            check.outcome == .warning
                && check.finding == "Only 105 MB, by the control group's limit of memory"
        )
        // What is taken of the address space, and OpenBLAS' buffers, count.
        func memory(left: Int) -> SelfTestReport.Check {
            SelfTest.memory(
                MemoryLimits(addressSpace: left << 20 + 1 << 30, addressSpaceUsed: 1 << 30),
                workers: 2,
                buffer: 128 << 20
            )
        }
        #expect(
            [100, 200, 500, 600].map { memory(left: $0).outcome } == [.failed, .warning, .warning, .passed]
        )
        #expect(memory(left: 200).finding.contains("134 MB of address space for each of 2 workers"))
        #expect(memory(left: 200).remedy?.contains("ulimit -v 1572864") == true)
        let old = MemoryLimits(addressSpace: nil) {
            ["/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"][$0]
        }
        #expect(old == MemoryLimits())
        #expect(SelfTest.memory(old).outcome == .passed)
        #expect(MemoryLimits.current.available ?? 1 > 0)
    }
}
