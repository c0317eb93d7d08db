import ConvNetInterop
import Foundation
import Testing

/// The tables of `docs/interop.md` are those of the code.
@Suite struct InteropDocumentationTests {
    /// The lines between a mark and the end of its table.
    private func table(_ mark: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/interop.md"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == "<!-- \(mark) -->" })
        return lines[(start + 1)...].drop { $0.isEmpty }.prefix { $0.hasPrefix("|") }.joined(separator: "\n")
    }

    @Test func operatorsOfONNX() throws {
        #expect(try table("onnx-probe operators") == ONNXOperatorTable.markdown)
    }

    @Test func layersOfKeras() throws { #expect(try table("keras-probe layers") == KerasLayers.markdown) }
}
