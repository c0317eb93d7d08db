import ConvNetInterop
import Foundation
import TestSupport
import Testing

@Suite("convnet predict")
struct PredictTests {
    private let tool: Tool

    init() throws { tool = try Tool() }

    @Test("predictions are those of the library, whatever the batch", arguments: [1, 7, 50, 64])
    func arrays(batchSize: Int) throws {
        let (model, images) = (try tool.model(), try tool.images())
        let run = try tool(
            "predict",
            model,
            "--input",
            images,
            "--output",
            tool(file: "out.npy"),
            "--batch-size",
            "\(batchSize)",
            "--threads",
            "1"
        )
        #expect(run.code == 0 && run.errors.isEmpty && run.output.isEmpty, "\(run.errors)")
        let expected = try SmallNetwork.trained().predict(SmallNetwork.images())
        let found = try Tensor(npy: tool(file: "out.npy"))
        #expect(found.shape == [50, 3])
        for (a, b) in zip(found.elements, expected.elements) { #expect(abs(a - b) < 1e-5) }
    }

    @Test("arrays in Fortran order, of other types, and of no samples are taken")
    func forms() throws {
        let model = try tool.model()
        try Tensor(zeros: [0, 8, 8, 1]).saveNPY(to: tool(file: "none.npy"))
        #expect(
            try tool("predict", model, "--input", tool(file: "none.npy"), "--output", tool(file: "y.npy"))
                .code == 0
        )
        #expect(try Tensor(npy: tool(file: "y.npy")).shape == [0, 3])
        try SmallNetwork.images(3).map { ($0 * 255).rounded() }.saveNPY(
            to: tool(file: "bytes.npy"),
            as: .uint8
        )
        let run = try tool(
            "predict",
            model,
            "--input",
            tool(file: "bytes.npy"),
            "--scale",
            "0.00392156862745098",
            "--output",
            tool(file: "z.npy")
        )
        #expect(run.code == 0, "\(run.errors)")
        let rounded = try SmallNetwork.images(3).map { ($0 * 255).rounded() / 255 }
        let expected = try SmallNetwork.trained().predict(rounded)
        for (a, b) in zip(try Tensor(npy: tool(file: "z.npy")).elements, expected.elements) {
            #expect(abs(a - b) < 1e-5)
        }
    }

    /// Two inputs, two outputs: their sum and their difference.
    private func twoByTwo() throws -> String {
        let left = Input(shape: [4], name: "left"), right = Input(shape: [4], name: "right")
        let model = try Model(
            inputs: [left, right],
            outputs: [Add(name: "sum")(left, right), Subtract(name: "difference")(left, right)]
        )
        try model.save(to: tool(file: "two.safetensors"))
        try Tensor([[1, 2, 3, 4], [5, 6, 7, 8]]).saveNPY(to: tool(file: "a.npy"))
        try Tensor([[1, 1, 1, 1], [2, 2, 2, 2]]).saveNPY(to: tool(file: "b.npy"))
        return tool(file: "two.safetensors")
    }

    @Test("a name that is given is checked, and logits are printed as they are")
    func oneInput() throws {
        let images = try tool.images(3)
        let model = try Sequential(inputShape: [8, 8, 1]) {
            Flatten()
            Dense(units: 3, biasInitializer: .constant(5), name: "logits")
        }
        try model.save(to: tool(file: "logits.safetensors"))
        let run = try tool("predict", tool(file: "logits.safetensors"), "--input", images)
        #expect(run.code == 0 && !run.output.contains("%"), "\(run.output) \(run.errors)")
        let name = try #require(model.inputNames.first)
        let named = try tool("predict", tool(file: "logits.safetensors"), "--input", "\(name)=\(images)")
        #expect(named.code == 0 && named.output == run.output)
        let wrong = try tool("predict", tool(file: "logits.safetensors"), "--input", "nothing=\(images)")
        #expect(wrong.code == 5 && wrong.errors.contains("\(name)=FILE, [N, 8, 8, 1]"), "\(wrong.errors)")
    }

    @Test("several inputs and outputs go by their names")
    func names() throws {
        let model = try twoByTwo()
        let run = try tool(
            "predict",
            model,
            "--input",
            "right=\(tool(file: "b.npy"))",
            "--input",
            "left=\(tool(file: "a.npy"))",
            "--output",
            "difference=\(tool(file: "d.npy"))",
            "--output",
            "sum=\(tool(file: "s.npy"))"
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(try Tensor(npy: tool(file: "d.npy")) == Tensor([[0, 1, 2, 3], [3, 4, 5, 6]]))
        #expect(try Tensor(npy: tool(file: "s.npy")) == Tensor([[2, 3, 4, 5], [7, 8, 9, 10]]))
    }

    @Test("archives hold all inputs and outputs", .enabled(if: Traits.hasZip, "needs the trait Zip"))
    func archives() throws {
        let model = try twoByTwo()
        try NumPyArchive.save(
            ["left": Tensor(npy: tool(file: "a.npy")), "right": Tensor(npy: tool(file: "b.npy"))],
            to: tool(file: "in.npz")
        )
        let run = try tool(
            "predict",
            model,
            "--input",
            tool(file: "in.npz"),
            "--output",
            tool(file: "out.npz"),
            "--json"
        )
        #expect(run.code == 0, "\(run.errors)")
        let archive = try NumPyArchive(contentsOf: tool(file: "out.npz"))
        #expect(archive.names == ["sum", "difference"])
        #expect(try archive["sum"].tensor == Tensor([[2, 3, 4, 5], [7, 8, 9, 10]]))
        // Nothing temporary is left.
        #expect(try tool.folder.names == ["a.npy", "b.npy", "in.npz", "out.npz", "two.safetensors"])
        #expect(try run.objects("saved").first?["samples"] as? Int == 2)
    }

    @Test("missing, unknown and unequal inputs are named, and no file is written")
    func errors() throws {
        let model = try twoByTwo()
        try Tensor([[1, 1, 1, 1]]).saveNPY(to: tool(file: "one.npy"))
        let (a, one) = ("left=\(tool(file: "a.npy"))", "right=\(tool(file: "one.npy"))")
        let output = ["--output", "sum=\(tool(file: "s.npy"))"]
        for (arguments, words) in [
            (["--input", a] + output, "right"), (["--input", a, "--input", a] + output, "twice"),
            (["--input", a, "--input", "up=\(tool(file: "b.npy"))"] + output, "up"),
            (["--input", a, "--input", one] + output, "as many"),
            (
                ["--input", a, "--input", "right=\(tool(file: "b.npy"))", "--output", tool(file: "s.npy")],
                "difference"
            ),
            (
                ["--input", a, "--input", "right=\(tool(file: "b.npy"))"] + output
                    + ["--output", "difference=\(tool(file: "s.npy"))"],
                "two outputs"
            ),
            (
                ["--input", a, "--input", "right=\(tool(file: "b.npy"))", "--output", tool(file: "s.txt")],
                ".npz"
            ),
        ] {
            let run = try tool.run(["predict", model] + arguments)
            #expect(run.code == 5 && run.errors.lowercased().contains(words), "\(arguments) \(run.errors)")
        }
        #expect(try !tool.folder.names.contains("s.npy"))
    }

    /// Writes a grey picture (PGM) of the small network's size.
    private func picture(_ name: String, _ level: UInt8) throws {
        let pixels = (0..<64).map { UInt8($0) &+ level }
        try AtomicFile.write(Array("P5 8 8 255\n".utf8) + pixels, to: tool(file: name))
    }

    @Test("pictures and folders get classes: as text, as CSV and as JSON")
    func pictures() throws {
        let model = try tool.model()
        _ = try tool.folder.makeFolder("set")
        for (name, level) in [("one.pgm", 0), ("set/two.pgm", 90), ("set/three.pgm", 180)]
            as [(String, UInt8)]
        {
            try picture(name, level)
        }
        try AtomicFile.write("cat\ndog\n\"big, bird\"\n", to: tool(file: "names.txt"))
        let all = [
            "predict", model, tool(file: "one.pgm"), tool(file: "set"), "--classes", tool(file: "names.txt"),
        ]
        let text = try tool.run(all + ["--top", "2"])
        #expect(text.code == 0, "\(text.errors)")
        #expect(text.output.split(separator: "\n").count == 3 && text.output.contains(" %"))
        let csv = try tool.run(all + ["--format", "csv"])
        let rows = csv.output.split(separator: "\n")
        #expect(rows.first == "input,rank,class,name,confidence" && rows.count == 10)
        #expect(csv.output.contains("\"\"\"big, bird\"\"\""))
        let lines = try tool.run(all + ["--json", "--output", tool(file: "p.npy")]).objects("prediction")
        #expect(
            lines.compactMap { $0["input"] as? String }.map { ($0 as NSString).lastPathComponent } == [
                "one.pgm", "three.pgm", "two.pgm",
            ]
        )
        let classes = try #require(lines[0]["classes"] as? [[String: Any]])
        // The pixels are 0...255 in the file, and 0...1 for the model.
        let pixels = try Tensor((0..<64).map { Float($0) / 255 }, shape: [1, 8, 8, 1])
        let expected = try SmallNetwork.trained().predict(pixels)
        #expect(classes[0]["class"] as? Int == expected.argmax())
        let best = try #require(classes[0]["confidence"] as? Double)
        #expect(abs(best - Double(expected.max())) < 1e-5)
        #expect(try Tensor(npy: tool(file: "p.npy")).shape == [3, 3])
    }

    @Test("broken pictures, and those that this build cannot read, are named")
    func brokenPictures() throws {
        let model = try tool.model()
        try AtomicFile.write("P5 8 8 255\n", to: tool(file: "short.pgm"))
        let run = try tool("predict", model, tool(file: "short.pgm"))
        #expect(run.code != 0 && run.errors.contains("short.pgm"))
        let missing = try tool("predict", model, tool(file: "none.pgm"))
        #expect(missing.code != 0 && missing.errors.contains("none.pgm"))
    }

    @Test(
        "PNG files without the trait",
        .enabled(if: !Traits.hasImages, "needs a build without the trait Images")
    )
    func withoutImages() throws {
        let model = try tool.model()
        try AtomicFile.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], to: tool(file: "a.png"))
        let run = try tool("predict", model, tool(file: "a.png"))
        #expect(run.code == 6 && run.errors.contains("Images"))
    }

    @Test("a model that is no classifier needs a file")
    func noClassifier() throws {
        let model = try twoByTwo()
        let run = try tool(
            "predict",
            model,
            "--input",
            "left=\(tool(file: "a.npy"))",
            "--input",
            "right=\(tool(file: "b.npy"))"
        )
        #expect(run.code == 5 && run.errors.contains("--output"))
    }
}
