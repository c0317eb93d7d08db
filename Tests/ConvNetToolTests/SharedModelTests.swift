import ConvNetInterop
import Foundation
import TestSupport
import Testing

/// Models that others have trained, run by the tool as a user would.
@Suite("convnet and trained ONNX files")
struct SharedModelTests {
    static let folder = ProcessInfo.processInfo.environment["SWIFTCONVNET_DATA"].map { $0 + "/models" }

    static let files: [String] =
        folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) }?
        .filter { $0.contains(".onnx.") && $0.hasSuffix(".safetensors") }.sorted() ?? []

    @Test(
        "predict gives the outputs of ONNX Runtime, by name",
        .enabled(if: !files.isEmpty, "SWIFTCONVNET_DATA names no folder with models"),
        arguments: files
    )
    func predict(name: String) throws {
        let tool = try Tool(), folder = try #require(Self.folder)
        let end = try #require(name.range(of: ".onnx"))
        let expected = try SafeTensors(contentsOf: "\(folder)/\(name)")
        var arguments = ["predict", "\(folder)/\(name[..<end.upperBound])"]
        var outputs: [(path: String, wanted: Tensor)] = []
        for (place, entry) in expected.entries.enumerated() {
            let path = tool(file: "\(place).npy"), tensor = try expected.tensor(named: entry.name)
            if entry.name.hasPrefix("in:") {
                try tensor.saveNPY(to: path)
                arguments += ["--input", "\(entry.name.dropFirst(3))=\(path)"]
            } else {
                outputs.append((path, tensor))
                arguments += ["--output", "\(entry.name.dropFirst(4))=\(path)"]
            }
        }
        let run = try tool.run(arguments)
        #expect(run.code == 0, "\(run.errors)")
        #expect(!outputs.isEmpty)
        for (path, wanted) in outputs {
            let found = try Tensor(npy: path)
            #expect(found.shape == wanted.shape)
            // As in TrainedModelTests: sigmoids next to 0 differ by more than 1e-4 of their scale.
            let scale = wanted.elements.map(abs).max() ?? 1
            let largest = zip(found.elements, wanted.elements).map { abs($0 - $1) }.max() ?? 0
            #expect(largest <= 1e-4 * scale + 5e-7, "\(path): \(largest) of \(scale)")
        }
    }

    @Test(
        "convert proves that an imported model predicts the same from this library's format",
        .enabled(if: !files.isEmpty, "SWIFTCONVNET_DATA names no folder with models")
    )
    func convert() throws {
        let tool = try Tool(), folder = try #require(Self.folder)
        let run = try tool(
            "convert",
            "\(folder)/cntk_mnist.onnx",
            tool(file: "mnist.safetensors"),
            "--json"
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(try run.objects("conversion").first?["largest_difference"] as? Double == 0)
        #expect(try tool("summary", tool(file: "mnist.safetensors")).code == 0)
    }
}
