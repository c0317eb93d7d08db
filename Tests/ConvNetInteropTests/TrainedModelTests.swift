import ConvNetInterop
import Foundation
import Testing

/// Models that others have trained, with the outputs that ONNX Runtime gives, beside them.
@Suite struct TrainedModelTests {
    static let folder = ProcessInfo.processInfo.environment["SWIFTCONVNET_DATA"].map { $0 + "/models" }

    static let files: [String] =
        folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) }?
        .filter { $0.contains(".onnx.") && $0.hasSuffix(".safetensors") }.sorted() ?? []

    @Test(.enabled(if: !files.isEmpty, "SWIFTCONVNET_DATA names no folder with models"), arguments: files)
    func outputsAreThoseOfONNXRuntime(_ name: String) throws {
        let folder = try #require(Self.folder)
        let end = try #require(name.range(of: ".onnx"))
        let expected = try SafeTensors(contentsOf: "\(folder)/\(name)")
        let imported = try ONNXFile(contentsOf: "\(folder)/\(name[..<end.upperBound])").imported()
        var inputs: [String: Tensor] = [:]
        for entry in expected.entries where entry.name.hasPrefix("in:") {
            inputs[String(entry.name.dropFirst(3))] = try expected.tensor(named: entry.name)
        }
        let outputs = try imported.predictions(for: inputs)
        var count = 0
        for entry in expected.entries where entry.name.hasPrefix("out:") {
            let wanted = try expected.tensor(named: entry.name)
            let found = try #require(outputs[String(entry.name.dropFirst(4))])
            #expect(found.shape == wanted.shape)
            // ONNX Runtime's own graphs differ by up to 3e-5 of the largest value, and its sigmoid by 1e-7 from the exact one:
            // more than 1e-4 of outputs that are all next to 0.
            let scale = wanted.elements.map(abs).max() ?? 1
            let largest = zip(found.elements, wanted.elements).map { abs($0 - $1) }.max() ?? 0
            #expect(largest <= 1e-4 * scale + 5e-7, "\(entry.name): \(largest) of \(scale)")
            count += 1
        }
        #expect(count > 0)
    }
}
