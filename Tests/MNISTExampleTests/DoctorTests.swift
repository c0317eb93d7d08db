import Foundation
import TestSupport
import Testing

@Suite("mnist doctor and mnist replay")
struct DoctorTests {
    @Test("doctor names core, threads and limits, and ends with 0 where all is well")
    func healthy() throws {
        let run = try MNISTProgram.run("doctor")
        #expect(run.code == 0, "\(run.output)\(run.errors)")
        for words in ["OpenBLAS core", "Vector level", "Memory", "ok    Matrix products", "address space"] {
            #expect(run.output.contains(words), "\(words)")
        }
        let objects = try jsonObjects(MNISTProgram.run("doctor", "--json"))
        #expect(objects.last?["event"] as? String == "doctor" && objects.last?["passed"] as? Bool == true)
        #expect(objects.count { $0["event"] as? String == "check" } == 7)
    }

    @Test("doctor says what is wrong and how to mend it, and ends with 1")
    func unhealthy() throws {
        let run = try MNISTProgram.run(["doctor"], environment: ["SWIFTCONVNET_NUM_THREADS": "many"])
        #expect(run.code == 1)
        #expect(run.output.contains("FAIL  Workers") && run.output.contains("Unset SWIFTCONVNET_NUM_THREADS"))
        // A warning is no failure.
        let steered = try MNISTProgram.run(["doctor"], environment: ["OPENBLAS_L2_SIZE": "262144"])
        #expect(steered.code == 0)
        #expect(steered.output.contains("warn  OpenBLAS kernels"))
        #expect(steered.output.contains("OPENBLAS_L2_SIZE=262144"))
    }

    @Test("training that diverges leaves its batch, which replay runs again")
    func replay() throws {
        let folder = try TemporaryFolder()
        let training = try MNISTProgram.run(
            try TrainedNetwork.shared.options
                + ["--learning-rate", "1e30", "--quiet", "--output", folder.path]
        )
        #expect(training.code == 1)
        #expect(training.errorText.contains("is not finite"))
        let name = try #require(try folder.names.first { $0.hasPrefix("nonfinite-epoch1-") })
        #expect(training.errorText.contains(folder.file(name)))

        let run = try MNISTProgram.run("replay", folder.file(name))
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("gradient of kernel") && run.output.contains("First: "))
        let objects = try jsonObjects(MNISTProgram.run("replay", folder.file(name), "--json"))
        #expect(objects.last?["event"] as? String == "replay")
        #expect((objects.last?["samples"] as? [Int])?.count == 128)
        // The layer that the error names is the first one of the replay.
        let layer = try #require(objects.last?["first_layer"] as? String)
        #expect(training.errorText.contains("(\(layer), epoch 1, "))

        let wrong = try MNISTProgram.run("replay", try TrainedNetwork.shared.model)
        #expect(wrong.code == 1 && wrong.errorText.contains("holds no case"))
    }
}
