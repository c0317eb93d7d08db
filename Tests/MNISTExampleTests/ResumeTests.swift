import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("mnist: interrupted, resumed, verified")
struct ResumeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var output: String { folder.file("output") }

    /// The options of the run that `TrainedNetwork` has made without interruption.
    private func options(_ more: String...) throws -> [String] {
        try TrainedNetwork.shared.options
            + [
                "--epochs", "2", "--batch-size", "32", "--output", output, "--checkpoint",
                folder.file("kept"),
            ]
            + ["--checkpoint-every", "1"] + more
    }

    /// Starts a run, and sends it a signal once there is a checkpoint.
    private func interrupt(_ signal: String, _ options: [String], waitFor file: String) throws
        -> MNISTProgram.Run
    {
        let script = """
            program=$0; signal=$1; file=$2; shift 2
            "$program" "$@" & process=$!
            while [ ! -e "$file" ] && kill -0 $process 2>/dev/null; do sleep 0.01; done
            kill -"$signal" $process
            wait $process; exit $?
            """
        return try MNISTProgram.shell(script, arguments: [signal, file] + options)
    }

    private func bytes(_ path: String) throws -> [UInt8] { try FileContents.read(path, limit: 1 << 26) }

    @Test(
        "a signal ends the run after its step, with the usual code and the command that goes on to the same bytes"
    )
    func signals() throws {
        let trained = try TrainedNetwork.shared
        // On a busy machine the signal may come when the run is done: then once more, from the beginning.
        var run: MNISTProgram.Run
        var attempts = 0
        repeat {
            for name in ["kept", "output"] { try? FileManager.default.removeItem(atPath: folder.file(name)) }
            run = try interrupt("INT", try options("--quiet"), waitFor: folder.file("kept/a.checkpoint"))
            attempts += 1
        } while run.code == 0 && attempts < 50
        #expect(run.code == 130)
        let lines = run.errorText.split(separator: "\n")
        try #require(lines.count == 2, "\(run.errors)")
        #expect(lines[0] == "A checkpoint is written. To go on:")
        #expect(lines[1].hasSuffix("mnist --data \(trained.data.path) " + tail(" --resume")))
        #expect(!FileManager.default.fileExists(atPath: output + "/mnist.safetensors"))

        try? FileManager.default.removeItem(atPath: output + "/history.csv")
        run = try interrupt("TERM", try options("--resume", "--json"), waitFor: output + "/history.csv")
        // The second time it may have been too late for a signal.
        #expect(run.code == 143 || run.code == 0)
        if run.code == 143 {
            let last = try #require(try jsonObjects(run).last)
            #expect(last["event"] as? String == "interrupted")
            #expect(last["signal"] as? String == "SIGTERM")
            #expect((last["resume"] as? String)?.hasSuffix(" --json") == true)
        }
        run = try MNISTProgram.run(try options("--resume"))
        #expect(run.code == 0, "\(run.errors)")
        #expect(
            run.errorText.contains("Going on in epoch 2/2") || run.errorText.contains("All epochs are done")
        )
        #expect(try bytes(output + "/mnist.safetensors") == bytes(trained.model))
        #expect(try bytes(output + "/run.json") == bytes(trained.output.file("run.json")))
    }

    private func tail(_ end: String) -> String {
        "--epochs 2 --batch-size 32 --output \(output) --checkpoint \(folder.file("kept")) --checkpoint-every 1 --quiet"
            + end
    }

    @Test("without checkpoints a signal ends the run too, and says that nothing is kept")
    func nothingKept() throws {
        let options = try TrainedNetwork.shared.options + ["--epochs", "500", "--quiet", "--output", output]
        let run = try interrupt("TERM", options, waitFor: output + "/history.csv")
        #expect(run.code == 143)
        #expect(run.errorText == "Nothing of the run is kept; with --checkpoint FOLDER it could go on.")
    }

    @Test("--resume with nothing to resume starts from the beginning")
    func nothingToResume() throws {
        let run = try MNISTProgram.run(try options("--resume", "--quiet"))
        #expect(run.code == 0, "\(run.errors)")
        #expect(try bytes(output + "/mnist.safetensors") == bytes(TrainedNetwork.shared.model))
    }

    @Test("options that do not go together are refused")
    func refusals() throws {
        for (arguments, text) in [
            (["--resume"], "--resume needs --checkpoint"),
            (["--checkpoint", ""], "--checkpoint must name a folder"),
            (["--checkpoint", "x", "--checkpoint-every", "0"], "--checkpoint-every must be in"),
        ] {
            let run = try MNISTProgram.run(arguments)
            #expect(run.code == 64)
            #expect(run.errors.contains(text))
        }
    }

    @Test("verify trains again and comes to the same, on another number of threads")
    func verify() throws {
        let trained = try TrainedNetwork.shared
        let run = try MNISTProgram.run(
            ["verify", trained.output.file("run.json"), "--threads", "3", "--json"] + trained.options
        )
        #expect(run.code == 0, "\(run.errors)")
        let last = try #require(try jsonObjects(run).last)
        #expect(last["equal"] as? Bool == true)
        #expect((last["results"] as? [String])?.isEmpty == true)
        #expect((last["causes"] as? [String])?.isEmpty == true)
    }

    @Test("verify says what differs, and what may be the cause")
    func differences() throws {
        let trained = try TrainedNetwork.shared
        let text = String(decoding: try bytes(trained.output.file("run.json")), as: UTF8.self)
        func verify(_ text: String) throws -> MNISTProgram.Run {
            try AtomicFile.write(text, to: folder.file("run.json"))
            return try MNISTProgram.run(["verify", folder.file("run.json"), "--quiet"] + trained.options)
        }
        let core = try verify(
            text.replacing(#""core" : ""#, with: #""core" : "Old"#)
                .replacing(#""learning-rate" : "0.001""#, with: #""learning-rate" : "0.002""#)
        )
        #expect(core.code == 1)
        #expect(core.output.contains("Differs: epoch 1, loss: "))
        #expect(core.output.contains("Differs: digest of the weights: "))
        #expect(core.output.contains("For: OpenBLAS core: Old"))
        #expect(core.output.contains("For: compilation: "))
        #expect(core.output.hasSuffix("The runs did not come to the same\n"))

        let data = try verify(text.replacing(#""data" : ""#, with: #""data" : "0"#))
        #expect(data.code == 1)
        #expect(data.output.contains("Differs: not trained"))

        for broken in [
            "", "{}", text.replacing("swiftconvnet.run", with: "other"),
            text.replacing(#""epochs" : "2""#, with: #""epochs" : "x""#),
            text.replacing(#""dataset" : "mnist""#, with: #""dataset" : "x""#),
        ] {
            let run = try verify(broken)
            #expect(run.code == 1)
            #expect(run.errors.contains(folder.file("run.json")), "\(run.errors)")
        }
    }
}
