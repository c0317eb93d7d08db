import SwiftConvNet
import Testing

@Suite("Number of workers")
struct WorkerCountTests {
    @Test("The options come before the environment, the environment before the machine")
    func precedence() throws {
        let variable = ["SWIFTCONVNET_NUM_THREADS": "3"]
        #expect(try ComputeOptions(threads: 5).workerCount(environment: variable) == 5)
        #expect(try ComputeOptions().workerCount(environment: variable) == 3)
        #expect(try ComputeOptions().workerCount(environment: [:]) == availableProcessorCount())
        #expect(try ComputeOptions().workerCount(environment: ["SWIFTCONVNET_NUM_THREADS": ""]) >= 1)
    }

    @Test("What is not a number of threads is refused", arguments: ["0", "-1", "two", "1.5", "100000"])
    func refusal(text: String) throws {
        let error = try #require(throws: ConvNetError.self) {
            try ComputeOptions().workerCount(environment: ["SWIFTCONVNET_NUM_THREADS": text])
        }
        #expect(error.kind == .argument)
        #expect(error.description.contains("SWIFTCONVNET_NUM_THREADS") && error.description.contains(text))
    }

    @Test("The quota of the control group, version 2 and version 1")
    func quota() {
        func quota(_ files: [String: String]) -> Double? { controlGroupQuota { files[$0] } }
        #expect(quota(["/sys/fs/cgroup/cpu.max": "150000 100000\n"]) == 1.5)
        #expect(quota(["/sys/fs/cgroup/cpu.max": "max 100000\n"]) == nil)
        let old = [
            "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        ]
        #expect(quota(old) == 0.5)
        #expect(
            quota([
                "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            ]) == nil)
        #expect(quota([:]) == nil)
    }
}
