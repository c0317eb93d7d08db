import ConvNetDatasets
import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Wrong options and broken input end with one message and an exit code")
struct ErrorTests {
    private let folder: TemporaryFolder
    private let trained: TrainedNetwork

    init() throws {
        folder = try TemporaryFolder()
        trained = try TrainedNetwork.shared
    }

    /// Runs the program, alone and with `--json`, and checks how it ends.
    private func expectError(_ message: String, _ arguments: [String], environment: [String: String] = [:])
        throws
    {
        for json in [[], ["--json"]] {
            let run = try MNISTProgram.run(arguments + json, environment: environment)
            #expect((1...125).contains(run.code ?? -1), "\(run.arguments): \(run.errors)")
            #expect(run.errorText.contains(message), "\(run.arguments): \(run.errorText)")
            #expect(run.errorText.components(separatedBy: "Error:").count == 2, "\(run.errorText)")
            #expect(!run.errorText.contains("Fatal"))
            if !json.isEmpty { #expect(throws: Never.self) { try jsonObjects(run) } }
        }
    }

    @Test(
        "Options",
        arguments: [
            ("--epochs must be in 1...1000000, not 0", ["--epochs", "0"]),
            ("'many' is invalid for '--epochs", ["--epochs", "many"]),
            ("--batch-size must be in", ["--batch-size", "0"]),
            ("--batch-size", ["--batch-size", "9223372036854775807"]),
            ("--learning-rate must be a finite number above 0", ["--learning-rate", "0"]),
            ("--learning-rate must be a finite number above 0", ["--learning-rate", "nan"]),
            ("--learning-rate must be a finite number above 0", ["--learning-rate", "inf"]),
            ("--validation-split must be in 0..<1", ["--validation-split", "1"]),
            ("--threads must be in 1...1024", ["--threads", "0"]),
            ("--threads must be in 1...1024", ["--threads", "1025"]),
            ("'-1' is invalid for '--seed", ["--seed=-1"]),
            ("'cifar' is invalid for '--dataset", ["--dataset", "cifar"]),
            ("'best' is invalid for '--blas-core", ["--blas-core", "best"]),
            ("--output must name a folder", ["--output", ""]),
            ("Unknown option '--layers'", ["--layers", "3"]),
            ("Missing expected argument '<image>", ["predict"]),
        ]
    )
    func options(message: String, arguments: [String]) throws {
        let run = try MNISTProgram.run(arguments)
        #expect(run.code == 64)
        #expect(run.output == "")
        try expectError(message, arguments)
    }

    @Test("A number of threads in the environment")
    func environment() throws {
        try expectError(
            "SWIFTCONVNET_NUM_THREADS",
            trained.options + ["--output", folder.path],
            environment: ["SWIFTCONVNET_NUM_THREADS": "two"]
        )
    }

    @Test("A split that leaves nothing to validate on")
    func emptySplit() throws {
        try expectError(
            "The split leaves no samples",
            trained.options + ["--validation-split", "0.9999", "--output", folder.path]
        )
    }

    @Test("A learning rate that leads nowhere")
    func divergence() throws {
        let arguments = ["--learning-rate", "1e30", "--epochs", "3", "--quiet", "--output", folder.path]
        try expectError("learning rate", trained.options + arguments)
        #expect(try !folder.names.contains("mnist.safetensors"))
    }

    @Test("Data: no folder, no files, broken files, exchanged files")
    func data() throws {
        func train(_ data: String) -> [String] { ["--data", data, "--output", folder.file("out")] }
        try expectError("no such folder", train(folder.file("nowhere")))
        try expectError("none of them", train(folder.path))

        let packed = try SmallMNIST()
        let images = PublishedDataset.File.trainImages.rawValue
        try FileManager.default.removeItem(atPath: packed.folder.file(images))
        try AtomicFile.write([0x1F, 0x8B, 8, 0, 1, 2, 3], to: packed.folder.file(images + ".gz"))
        try expectError(images + ".gz", train(packed.path))

        let exchanged = try SmallMNIST()
        let labels = PublishedDataset.File.trainLabels.rawValue
        for (from, to) in [(images, "x"), (labels, images), ("x", labels)] {
            try FileManager.default.moveItem(
                atPath: exchanged.folder.file(from),
                toPath: exchanged.folder.file(to)
            )
        }
        try expectError(images, train(exchanged.path))
    }

    @Test(
        "Fashion-MNIST in the place of MNIST",
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist"))
    )
    func otherDataset() throws {
        try expectError(
            "Fashion-MNIST",
            ["--data", "/usr/share/datasets/fashion-mnist", "--output", folder.path]
        )
    }

    @Test("An output folder that cannot be")
    func output() throws {
        try expectError("output folder", trained.options + ["--output", "/dev/null/out"])
        try AtomicFile.write("text", to: folder.file("file"))
        try expectError("output folder", trained.options + ["--output", folder.file("file")])
        try expectError(
            "Expected: a folder, or nothing, at \(folder.file("file")). Received: something that is no folder",
            trained.options + ["--output", folder.file("file/inner/out")]
        )
        let blocked = try folder.makeFolder("blocked")
        try FileManager.default.createDirectory(
            atPath: blocked + "/samples.svg",
            withIntermediateDirectories: false
        )
        try expectError("samples.svg", trained.options + ["--output", blocked])
    }

    @Test("Standard output on a full disk")
    func fullDisk() throws {
        let run = try MNISTProgram.shell(
            #""$0" evaluate --model "$1" --data "$2" >/dev/full"#,
            trained.model,
            trained.data.path
        )
        #expect(run.code == 1)
        #expect(run.errorText.contains("standard output"))
    }

    @Test("A saved network that is not there, or not whole, or not one")
    func model() throws {
        for command in [["evaluate"], ["predict", "0"]] {
            try expectError(
                "mnist-output/mnist.safetensors",
                command + trained.options
            )
            let bytes = try FileContents.read(trained.model, limit: 1 << 26)
            try AtomicFile.write(Array(bytes.dropLast(100)), to: folder.file("short.safetensors"))
            try expectError(
                "short.safetensors",
                command + trained.options + ["--model", folder.file("short.safetensors")]
            )
            try AtomicFile.write("text", to: folder.file("text.safetensors"))
            try expectError(
                "text.safetensors",
                command + trained.options + ["--model", folder.file("text.safetensors")]
            )
        }
    }

    @Test("Test images that are not there", arguments: ["200", "-1", "9223372036854775807"])
    func index(index: String) throws {
        try expectError(
            index == "-1" ? "Missing expected argument" : "There is no such test image",
            ["predict", index] + trained.options + ["--model", trained.model]
        )
    }

    @Test("Images that cannot be read")
    func images() throws {
        let file = folder.file("image.pgm")
        func predict() -> [String] { ["predict", file, "--model", trained.model] }
        try expectError("Cannot open the file", predict())
        for (text, message) in [
            ("", "an empty file"), ("P5 28 28 255\nabc", "The image ends early"),
            ("P2 2 1 9\n3 x", "grey level 1"),
            ("\u{89}PNG", "not a PGM image"), ("P2 2 2 9\n3 3 3 3\n", "There is nothing to see"),
        ] {
            try AtomicFile.write(text, to: file)
            try expectError(message, predict())
            try expectError(file, predict())
        }
        try expectError("a folder", ["predict", folder.path, "--model", trained.model])
    }
}
