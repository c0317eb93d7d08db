import ConvNetInterop
import Foundation
import TestSupport
import Testing

@Suite("convnet: the command line")
struct CommandLineTests {
    private let tool: Tool

    init() throws { tool = try Tool() }

    @Test(
        "every subcommand has help with examples",
        arguments: ["summary", "predict", "evaluate", "convert", "train", "profile", "compare", "doctor"]
    )
    func help(command: String) throws {
        let run = try tool("help", command)
        #expect(run.code == 0)
        #expect(run.output.contains("EXAMPLES") && run.output.contains("convnet \(command)"))
        #expect(run.output.contains("--json"))
        // A line that was broken in two goes on at the margin, and cannot be pasted.
        let rest = try #require(run.output.components(separatedBy: "EXAMPLES\n").last)
        let examples = try #require(rest.components(separatedBy: "USAGE:").first)
        #expect(examples.split(separator: "\n").allSatisfy { $0.hasPrefix("  ") }, "\(examples)")
    }

    @Test("the help has the exit codes, and there are completion scripts")
    func overview() throws {
        let help = try tool("--help")
        #expect(help.code == 0 && help.output.contains("EXIT CODES") && help.output.contains("convert"))
        #expect(help.output.contains("128+n  ended by signal n\n"))
        #expect(help.output.contains("an operator is not supported\n"))
        for shell in ["bash", "zsh", "fish"] {
            #expect(try tool("--generate-completion-script", shell).output.contains("convnet"))
        }
    }

    @Test(
        "a wrong command line is told on standard error, with exit code 64",
        arguments: [
            ["sumary", "a"], ["summary"], ["predict", "model.onnx"],
            ["predict", "m", "--input", "x.npy", "--top", "0"],
            ["predict", "m", "cat.png", "--input", "x.npy"], ["convert", "a"],
            ["convert", "a", "b", "--tolerance", "-1"], ["train", "lenet5"],
            ["train", "lenet5", "--data", "mnist", "--output", "a.pt"],
            ["train", "lenet5", "--data", "mnist", "--resume"],
            ["train", "lenet5", "--data", "mnist", "--learning-rate", "0"],
            ["profile", "m", "--repeats", "0"],
            ["summary", "m", "--size", "height"], ["evaluate", "m", "--data", "d", "--std", "1,0"],
            ["predict", "m", "a.png", "--image-size", "0x3"], ["summary", "m", "--threads", "0"],
            ["predict", "m", "--input", "x.npy", "--mean", "0.5"],
            ["convert", "a", "b.keras", "--opset", "17"],
            ["convert", "a", "b.onnx", "--opset", "1"], ["convert", "a", "b.h5", "--to", "keras-weights"],
            ["summary", "m", "--weights-key", "model"],
            ["train", "lenet5", "--data", "mnist", "--freeze-until", "flatten"],
            ["summary", "lenet5", "--size", "height=480"], ["convert", "lenet5", "a.pb"],
        ]
    )
    func usage(arguments: [String]) throws {
        let run = try tool.run(arguments)
        #expect(run.code == 64, "\(run.errors)")
        #expect(run.output.isEmpty && run.errors.contains("Error:"))
        let line = try #require(try tool.run(arguments + ["--json"]).objects("error").first)
        #expect(line["kind"] as? String == "usage" && line["exit_code"] as? Int == 64)
        #expect((line["summary"] as? String)?.isEmpty == false)
    }

    @Test("each kind of failure has its exit code, and --json a line about it")
    func exitCodes() throws {
        let model = try tool.model()
        #expect(try tool("summary", tool(file: "none.onnx")).code == 3)
        try AtomicFile.write("no model", to: tool(file: "text.onnx"))
        let text = try tool("summary", tool(file: "text.onnx"), "--json")
        #expect(text.code == 4 && text.errors.contains("Error:"))
        let line = try #require(try text.objects("error").first)
        #expect(line["kind"] as? String == "format" && line["exit_code"] as? Int == 4)
        // Samples of another shape.
        try Tensor(zeros: [2, 5]).saveNPY(to: tool(file: "odd.npy"))
        let odd = try tool(
            "predict",
            model,
            "--input",
            tool(file: "odd.npy"),
            "--output",
            tool(file: "y.npy")
        )
        #expect(odd.code == 5 && odd.errors.contains("[8, 8, 1]"))
        #expect(try tool.folder.names == ["model.safetensors", "odd.npy", "text.onnx"])
    }

    @Test("doctor says what it finds; a check that fails is exit code 2")
    func doctor() throws {
        let lines = try tool("doctor", "--json").objects()
        #expect(lines.last?["event"] as? String == "doctor")
        #expect(lines.contains { $0["event"] as? String == "fact" })
        let ill = try tool.run(["doctor"], environment: ["SWIFTCONVNET_NUM_THREADS": "many"])
        #expect(ill.code == 2 && ill.output.contains("Unset SWIFTCONVNET_NUM_THREADS"))
    }

    @Test("a reader that goes away does not end the work")
    func closedPipe() throws {
        let (model, images) = (try tool.model(), try tool.images())
        let program = BuiltProgram("convnet").path
        let script = "\"$0\" predict \"$1\" --input \"$2\" --output \"$3\" --json | true"
        let run = try BuiltProgram(path: "/bin/sh").run([
            "-c", script, program, model, images, tool(file: "y.npy"),
        ])
        #expect(run.code == 0)
        #expect(try Tensor(npy: tool(file: "y.npy")).shape == [50, 3])
    }
}
