import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("fashion")
struct FashionTests {
    @Test("leaves the network, its history and the report")
    func files() throws {
        let trained = try TrainedFashion.shared
        #expect(trained.run.code == 0, "\(trained.run.errors)")
        #expect(
            try trained.output.names == [
                "attention.svg", "confusion.svg", "fashion.safetensors", "history.csv", "history.svg",
                "mistakes.svg", "reliability.svg", "report.txt", "run.json",
            ]
        )
        let report = String(decoding: try trained.bytes("report.txt"), as: UTF8.self)
        #expect(report.contains("macro average"))
        #expect(report.contains("Test accuracy ") && report.contains(" of 50 wrong"))
        #expect(report.contains("Expected calibration error "))
        #expect(trained.run.output.contains("200 pictures to train on"))
        #expect(trained.run.output.utf8.allSatisfy { $0 < 128 })
        let rows = String(decoding: try trained.bytes("history.csv"), as: UTF8.self).split(
            whereSeparator: \.isNewline
        )
        // The test pictures are no part of the history.
        #expect(rows.count == 3 && rows[1].hasSuffix("NA,NA"))
    }

    @Test("the saved network predicts, and knows the classes")
    func saved() throws {
        let trained = try TrainedFashion.shared
        let model = try Model.load(from: trained.output.file("fashion.safetensors"))
        #expect(model.classNames?.count == 10 && model.outputShape == [10])
        let prediction = try model.predict(Tensor(zeros: [1, 28, 28, 1])).elements
        #expect(abs(prediction.reduce(0, +) - 1) < 1e-5)
    }

    @Test("holds out training pictures with --validation, and leaves the test pictures alone")
    func validation() throws {
        let trained = try TrainedFashion.shared, output = try TemporaryFolder()
        let data = try SmallDigits()
        let options = FashionProgram.tiny + ["--data", data.path, "--validation", "--output", output.path]
        let run = try FashionProgram.run(options)
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("180 pictures to train on"))
        #expect(run.output.contains("Validation accuracy ") && run.output.contains(" of 20 wrong"))
        let history = String(
            decoding: try FileContents.read(output.file("history.csv"), limit: 1 << 20),
            as: UTF8.self
        )
        #expect(history.contains("val_accuracy") && !history.contains("NA"))
        // The other half of the proof: with other test pictures the run leaves the same, but for the digest of the data.
        let files = try data.folder.names.filter { $0.hasPrefix("t10k-images") }
        let images = data.folder.file(try #require(files.first))
        var bytes = try FileContents.read(images, limit: 1 << 26)
        for place in 16..<bytes.count { bytes[place] = 255 - bytes[place] }
        try AtomicFile.write(bytes, to: images)
        let other = try TemporaryFolder()
        let second = try FashionProgram.run(options.dropLast() + [other.path])
        #expect(second.code == 0, "\(second.errors)")
        for name in ["fashion.safetensors", "history.csv", "report.txt", "confusion.svg", "mistakes.svg"] {
            #expect(
                try FileContents.read(output.file(name), limit: 1 << 26)
                    == FileContents.read(other.file(name), limit: 1 << 26),
                "\(name)"
            )
        }
        #expect(
            try trained.bytes("fashion.safetensors")
                != FileContents.read(output.file("fashion.safetensors"), limit: 1 << 26)
        )
    }

    @Test(
        "saves the same bytes on another number of threads, and others for another seed, or without augmentation"
    )
    func sameBits() throws {
        let trained = try TrainedFashion.shared
        func bytes(_ arguments: String...) throws -> [UInt8] {
            let output = try TemporaryFolder()
            let run = try FashionProgram.run(trained.options + ["--output", output.path] + arguments)
            #expect(run.code == 0, "\(run.errors)")
            return try FileContents.read(output.file("fashion.safetensors"), limit: 1 << 26)
        }
        let first = try trained.bytes("fashion.safetensors")
        #expect(try bytes("--threads", "3") == first)
        #expect(try bytes("--seed", "2") != first)
        #expect(try bytes("--no-augmentation") != first)
    }

    @Test("goes on after SIGKILL, and comes to the same bytes")
    func resume() throws {
        let trained = try TrainedFashion.shared, folder = try TemporaryFolder()
        let output = folder.file("output")
        let options =
            trained.options
            + ["--output", output, "--checkpoints", folder.file("kept"), "--checkpoint-every", "1"]
        let script = """
            program=$0; file=$1; shift
            "$program" "$@" & process=$!
            while [ ! -e "$file" ] && kill -0 $process 2>/dev/null; do sleep 0.01; done
            kill -KILL $process; wait $process; exit 0
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            ["-c", script, BuiltProgram("fashion").path, folder.file("kept/a.checkpoint")] + options
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let run = try FashionProgram.run(options + ["--resume"])
        #expect(run.code == 0, "\(run.errors)")
        for name in ["fashion.safetensors", "run.json", "history.csv", "report.txt"] {
            #expect(
                try FileContents.read(output + "/" + name, limit: 1 << 26) == trained.bytes(name),
                "\(name)"
            )
        }
    }

    @Test("verify trains again and comes to the same; or says what differs")
    func verify() throws {
        let trained = try TrainedFashion.shared, folder = try TemporaryFolder()
        let run = try FashionProgram.run(
            ["verify", trained.output.file("run.json"), "--data", trained.data.path, "--threads", "1"]
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.hasSuffix("to the bit\n"))

        let text = String(decoding: try trained.bytes("run.json"), as: UTF8.self)
        func verify(_ text: String) throws -> BuiltProgram.Run {
            try AtomicFile.write(text, to: folder.file("run.json"))
            return try FashionProgram.run(
                ["verify", folder.file("run.json"), "--data", trained.data.path]
            )
        }
        let other = try verify(text.replacing(#""dropout" : "0.2""#, with: #""dropout" : "0.4""#))
        #expect(other.code == 1)
        #expect(other.output.contains("Differs: digest of the weights") && other.output.contains("For: "))
        let data = try verify(text.replacing(#""data" : ""#, with: #""data" : "0"#))
        #expect(data.code == 1 && data.output.contains("Differs: not trained"))
        for broken in [
            "", "{}", text.replacing(#""width" : "4""#, with: #""width" : "x""#),
            text.replacing(#""dataset" : "mnist""#, with: #""dataset" : "x""#),
        ] {
            let run = try verify(broken)
            #expect(run.code == 1)
            #expect(run.errors.contains(folder.file("run.json")), "\(run.errors)")
        }
    }

    @Test(
        "refuses options that cannot be",
        arguments: [
            (["--epochs", "0"], "--epochs must be in 1...100000"),
            (["--batch-size", "0"], "--batch-size must be in"),
            (["--width", "0"], "--width must be in"), (["--blocks", "0"], "--blocks must be in"),
            (["--learning-rate", "nan"], "--learning-rate must be a finite number above 0"),
            (["--weight-decay=-1"], "--weight-decay must be a finite number of at least 0"),
            (["--label-smoothing", "1"], "--label-smoothing must be in 0..<1"),
            (["--dropout", "1"], "--dropout must be in 0..<1"),
            (["--average-momentum", "1"], "--average-momentum must be in 0..<1"),
            (["--threads", "0"], "--threads must be in 1...1024"),
            (["--dataset", "cifar"], "'cifar' is invalid for '--dataset"),
            (["--resume"], "--resume needs --checkpoints"),
            (["--checkpoints", ""], "--checkpoints must name a folder"),
            (["--checkpoints", "x", "--checkpoint-every", "0"], "--checkpoint-every must be in"),
            (["--output", ""], "--output must name a folder"),
        ]
    )
    func refusals(arguments: [String], message: String) throws {
        let run = try FashionProgram.run(arguments)
        #expect(run.code == 64)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test("a folder without the files is one message and an exit code")
    func missingData() throws {
        let folder = try TemporaryFolder()
        let run = try FashionProgram.run(["--data", folder.path, "--output", folder.file("output")])
        #expect(run.code == 1)
        #expect(run.errors.contains("Error: ") && run.errors.contains(folder.path), "\(run.errors)")
    }
}
