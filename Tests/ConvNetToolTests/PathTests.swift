import ConvNetInterop
import TestSupport
import Testing

@Suite("convnet: paths")
struct PathTests {
    private let tool: Tool

    init() throws { tool = try Tool() }

    /// Runs the program in the test's folder.
    private func inFolder(_ arguments: String...) throws -> BuiltProgram.Run {
        let script = "cd \"$1\" && shift && exec \"$0\" \"$@\""
        return try BuiltProgram(path: "/bin/sh").run(
            ["-c", script, BuiltProgram("convnet").path, tool.folder.path] + arguments
        )
    }

    @Test("a path has a folder and a name")
    func parts() {
        let cases: [(path: String, folder: String, name: String)] = [
            ("m", "", "m"), ("model", "", "model"), ("a/b", "a", "b"), ("/a", "/", "a"),
            ("/a/b/c", "/a/b", "c"),
            ("a/b/", "a", "b"), ("a//b", "a", "b"), ("./a", ".", "a"), ("/", "/", "/"), ("//", "/", "/"),
            ("", "", ""), (".", "", "."),
        ]
        for (path, folder, name) in cases {
            #expect(PathParts.folder(of: path) == folder, "\"\(path)\"")
            #expect(PathParts.name(of: path) == name, "\"\(path)\"")
        }
        #expect(PathParts.path(of: "b", in: "a") == "a/b")
        #expect(PathParts.path(of: "b", in: "") == "b")
        #expect(PathParts.path(of: "b", in: "/") == "/b")
    }

    @Test("the path of a model may be one character")
    func oneCharacter() throws {
        _ = try tool.onnx("m", "Relu", ["N", "4"])
        _ = try tool.model()
        try Tensor(zeros: [2, 4]).saveNPY(to: tool(file: "x.npy"))
        let summary = try inFolder("summary", "m")
        #expect(summary.code == 0, "\(summary.errors)")
        let prediction = try inFolder("predict", "m", "--input", "x.npy", "--output", "y.npy")
        #expect(prediction.code == 0, "\(prediction.errors)")
        let weights = try inFolder("convert", "model.safetensors", "q", "--to", "pytorch")
        #expect(weights.code == 0, "\(weights.errors)")
        #expect(try inFolder("convert", "model.safetensors", ".", "--to", "pytorch").code == 3)
        #expect(try inFolder("convert", "model.safetensors", ".").code == 64)
        #expect(try tool.folder.names == ["m", "model.safetensors", "q", "x.npy", "y.npy"])
    }

    @Test("a new file's ending says its format, or --to does", arguments: ["em2.pb", "a.onxx", "a.pt", "a"])
    func endings(name: String) throws {
        let run = try tool("convert", tool.model(), tool(file: name))
        #expect(run.code == 64 && run.errors.contains(".safetensors"), "\(run.errors)")
        #expect(run.errors.contains(".onnx") && run.errors.contains(".weights.h5"), "\(run.errors)")
        #expect(try tool.folder.names == ["model.safetensors"])
    }
}
