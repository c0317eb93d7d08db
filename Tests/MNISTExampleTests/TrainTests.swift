import Foundation
import SwiftConvNet
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("mnist train")
struct TrainTests {
    @Test("leaves the network, its history and the pictures")
    func files() throws {
        let trained = try TrainedNetwork.shared
        #expect(trained.run.code == 0, "\(trained.run.errors)")
        #expect(
            try trained.output.names == [
                "confusion.svg", "history.csv", "history.svg", "mnist.safetensors", "predictions.svg",
                "run.json", "samples.svg",
            ]
        )
    }

    @Test(
        "draws pictures that are well-formed",
        arguments: [
            ("samples.svg", 10), ("history.svg", 0), ("confusion.svg", 0), ("predictions.svg", 10),
        ]
    )
    func pictures(name: String, images: Int) throws {
        let path = try TrainedNetwork.shared.output.file(name)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(XMLParser(data: Data(text.utf8)).parse())
        #expect(text.hasPrefix("<svg "))
        #expect(text.components(separatedBy: "<image ").count - 1 == images)
    }

    @Test("writes a row per epoch under the promised columns")
    func history() throws {
        let path = try TrainedNetwork.shared.output.file("history.csv")
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        try #require(rows.count == 3)
        #expect(rows[0] == "epoch,accuracy,loss,val_accuracy,val_loss,seconds,images_per_second")
        for (place, row) in rows.dropFirst().enumerated() {
            let numbers = row.split(separator: ",", omittingEmptySubsequences: false).map {
                Double($0) ?? .nan
            }
            try #require(numbers.count == 7)
            #expect(numbers[0] == Double(place + 1))
            for accuracy in [numbers[1], numbers[3]] { #expect((0...1).contains(accuracy)) }
            for positive in [numbers[2], numbers[4], numbers[5], numbers[6]] { #expect(positive > 0) }
            #expect(abs(numbers[6] * numbers[5] - 600) < 30)
        }
    }

    @Test("tells what it does, in plain text where there is no terminal")
    func text() throws {
        let trained = try TrainedNetwork.shared
        let run = trained.run
        #expect(
            run.output.hasPrefix(
                "unknown images in MNIST's form: 600 training and 200 test images from the folder \(trained.data.path)\n"
            )
        )
        for part in ["conv2d", "Accuracy", "─●─ training  ┄○┄ validation", "predicted", "precision %", "#"] {
            #expect(run.output.contains(part), "\(part)")
        }
        #expect(run.output.hasSuffix("are in \(trained.output.path)/\n"))
        let progress = run.errorText.split(separator: "\n")
        try #require(progress.count == 2)
        #expect(progress[0].hasPrefix("Epoch 1/2 - "))
        #expect(progress[1].contains("val_accuracy: "))
        for text in [run.output, run.errors] {
            #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 127 })
        }
        // The first line ends with a path.
        #expect(run.lines.dropFirst().dropLast(2).allSatisfy { $0.count <= 100 })
    }

    @Test("draws in ASCII where the locale has nothing else")
    func ascii() throws {
        let output = try TemporaryFolder()
        let arguments = try TrainedNetwork.shared.options + ["--epochs", "1", "--output", output.path]
        let run = try MNISTProgram.run(arguments, environment: ["LC_ALL": "C"])
        #expect(run.code == 0)
        let drawing = run.output.components(separatedBy: "One training image").last ?? ""
        #expect(!drawing.isEmpty)
        #expect(run.output.contains("WRONG") || run.output.contains("ok "))
        // The summary, charts, pictures and tables; and what goes to standard error.
        #expect(run.output.utf8.allSatisfy { $0 < 128 })
        #expect(run.errors.utf8.allSatisfy { $0 < 128 })
        #expect(run.output.contains("| conv2d (Conv2D)"))
        for command in ["", "train", "evaluate", "predict", "verify", "replay", "doctor"] {
            let help = try MNISTProgram.run(["help", command].filter { !$0.isEmpty })
            #expect(help.output.utf8.allSatisfy { $0 < 128 }, "\(command)")
        }
    }

    @Test("prints the promised lines of JSON and nothing else")
    func json() throws {
        let output = try TemporaryFolder()
        let arguments = ["--json", "--epochs", "2", "--batch-size", "32", "--output", output.path]
        let run = try MNISTProgram.run(try TrainedNetwork.shared.options + arguments)
        #expect(run.code == 0)
        #expect(run.errorText == "")
        let objects = try jsonObjects(run)
        let events = objects.map { $0["event"] as? String ?? "" }
        let predictions = [String](repeating: "prediction", count: 10)
        #expect(events == ["data", "epoch", "epoch", "evaluation"] + predictions + ["saved"])

        #expect(objects[0]["published"] as? Bool == false)
        #expect(objects[0]["train"] as? Int == 600)
        #expect(objects[0]["test"] as? Int == 200)
        #expect((objects[0]["digest"] as? String)?.count == 64)
        for (place, epoch) in objects[1...2].enumerated() {
            #expect(epoch["epoch"] as? Int == place + 1)
            for name in ["seconds", "images_per_second", "loss", "accuracy", "val_loss", "val_accuracy"] {
                #expect(epoch[name] is Double, "\(name)")
            }
        }
        // The last validation was on the test images, too.
        #expect(objects[3]["accuracy"] as? Double == objects[2]["val_accuracy"] as? Double)
        #expect(objects[3]["loss"] is Double)
        for prediction in objects[4..<14] {
            #expect((0..<200).contains(prediction["index"] as? Int ?? -1))
            #expect((0..<10).contains(prediction["label"] as? Int ?? -1))
            #expect((0..<10).contains(prediction["predicted"] as? Int ?? -1))
            #expect((0.1...1).contains(prediction["confidence"] as? Double ?? -1))
        }
        #expect(objects[14]["path"] as? String == output.file("mnist.safetensors"))
        #expect(run.lines[1].hasPrefix(#"{"event":"epoch","epoch":1,"seconds":"#))
        #expect(run.lines[4].hasPrefix(#"{"event":"prediction","index":"#))
    }

    @Test("is brief when asked to be quiet")
    func quiet() throws {
        let output = try TemporaryFolder()
        let run = try MNISTProgram.run(
            try TrainedNetwork.shared.options + ["--quiet", "--epochs", "1", "--output", output.path]
        )
        #expect(run.code == 0)
        #expect(run.errorText == "")
        #expect(run.output.split(separator: "\n").count == 2)
        #expect(run.output.hasPrefix("Test accuracy "))
        #expect(run.output.contains(output.path))
    }

    @Test("saves the same bytes for the same seed, whatever the number of threads, and others for another")
    func sameBits() throws {
        let trained = try TrainedNetwork.shared
        func bytes(_ arguments: String...) throws -> [UInt8] {
            let output = try TemporaryFolder()
            let all = ["--epochs", "2", "--batch-size", "32", "--quiet", "--output", output.path]
            let run = try MNISTProgram.run(trained.options + all + arguments)
            #expect(run.code == 0, "\(run.errors)")
            return try FileContents.read(output.file("mnist.safetensors"), limit: 1 << 26)
        }
        let first = try FileContents.read(trained.model, limit: 1 << 26)
        #expect(try bytes("--threads", "1") == first)
        #expect(try bytes("--threads", "3") == first)
        #expect(try bytes("--seed", "43") != first)
    }

    @Test("validates on a share of the training images if told to")
    func validationSplit() throws {
        let output = try TemporaryFolder()
        let arguments = ["--validation-split", "0.25", "--json", "--epochs", "1", "--output", output.path]
        let objects = try jsonObjects(try MNISTProgram.run(try TrainedNetwork.shared.options + arguments))
        try #require(objects.count > 2)
        #expect(objects[1]["val_loss"] as? Double != objects[2]["loss"] as? Double)
    }

    @Test("writes its files although nobody reads its output any more, and says nothing of it")
    func closedOutput() throws {
        let output = try TemporaryFolder()
        let data = try TrainedNetwork.shared.data.path
        let run = try MNISTProgram.shell(
            #"("$0" --epochs 1 --data "$1" --output "$2"; echo $? >"$2/code") | head -n 1"#,
            data,
            output.path
        )
        #expect(run.lines.count == 2)
        #expect(try String(contentsOfFile: output.file("code"), encoding: .utf8) == "0\n")
        #expect(!run.errorText.contains("Error"))
        #expect(try output.names.contains("mnist.safetensors"))
    }

    @Test("starts again without a variable that holds OpenBLAS back, once")
    func restart() throws {
        let output = try TemporaryFolder()
        let arguments =
            try TrainedNetwork.shared.options + ["--epochs", "1", "--quiet", "--output", output.path]
        // The oldest core of x86; on other processors, and with builds for one core, it changes nothing.
        let environment = ["OPENBLAS_CORETYPE": "Prescott"]
        let kept = try MNISTProgram.run(arguments + ["--blas-core", "keep"], environment: environment)
        let restarted = try MNISTProgram.run(arguments, environment: environment)
        #expect(kept.code == 0)
        #expect(restarted.code == 0)
        #expect(restarted.output.hasPrefix("Test accuracy"))
        if kept.errorText.isEmpty {
            #expect(restarted.errorText.isEmpty)
        } else {
            #expect(kept.errorText.split(separator: "\n").count == 1)
            #expect(kept.errorText.contains("OPENBLAS_CORETYPE=Prescott. Start again"))
            #expect(restarted.errorText.split(separator: "\n").count == 1)
            #expect(restarted.errorText.contains("starting again without"))
        }
    }
}
