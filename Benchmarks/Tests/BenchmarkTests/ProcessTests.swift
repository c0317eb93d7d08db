import BenchmarkCore
import Foundation
import SwiftConvNet
import Testing

@Suite struct ProcessTests {
    @Test func linesAndEnds() throws {
        let child = try ChildProcess("sh", ["-c", "read -r a; echo \"got $a\"; printf 'no end'; exit 3"])
        try child.send("this")
        #expect(try child.nextLine() == "got this")
        #expect(try child.nextLine() == "no end")
        #expect(try child.nextLine() == nil)
        let end = child.wait()
        #expect(end.code == 3 && end.peakBytes > 0)
    }

    @Test func silenceIsAnError() throws {
        let child = try ChildProcess("sh", ["-c", "read -r line"])
        #expect(throws: ConvNetError.self) { try child.nextLine(within: 0) }
    }

    @Test func signalsAreSeen() throws {
        let child = try ChildProcess("sh", ["-c", "kill -9 $$"])
        #expect(child.wait().code == -9)
    }

    @Test func aProgramIsTimed() throws {
        let measured = try MeasuredProgram(running: "sh", ["-c", "sleep 0.05; echo done"])
        #expect(measured.seconds >= 0.05 && measured.code == 0 && measured.output == "done")
        #expect(measured.peakBytes > 0)
    }

    @Test func safeTensorsAreReadByTheLibrary() throws {
        let path = NSTemporaryDirectory() + "convnet-bench-tests-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let model = try Sequential(inputShape: [3]) { Dense(units: 2, name: "d") }
        let kernel = try Tensor([1, 2, 3, 4, 5, 6]).reshaped(to: [3, 2])
        try SafeTensorsFile.write(["d/kernel": kernel, "d/bias": Tensor([7, 8])], to: path)
        try model.loadWeights(from: path)
        #expect(try model.parameter(named: "d/kernel") == kernel)
        #expect(try model.parameter(named: "d/bias").elements == [7, 8])
    }

    @Test func aLoopBeginsAgain() throws {
        let base = try ArrayDataset(Tensor([1, 2, 3]).reshaped(to: [3, 1]), Labels([4, 5, 6]))
        let loop = SampleLoop(base, count: 7)
        #expect(loop.count == 7 && loop.sampleShape == [1])
        #expect(try (0..<7).map { try loop.readLabel($0) } == [4, 5, 6, 4, 5, 6, 4])
    }
}
