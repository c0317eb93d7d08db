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
}
