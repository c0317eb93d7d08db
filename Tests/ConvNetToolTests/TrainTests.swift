import ConvNetInterop
import TestSupport
import Testing

@Suite("convnet train and evaluate")
struct TrainTests {
    private let tool: Tool

    init() throws { tool = try Tool() }

    /// The small network's architecture as a file.
    private func networkFile() throws -> String {
        try AtomicFile.write(SmallNetwork.make().toJSON(), to: tool(file: "network.json"))
        return tool(file: "network.json")
    }

    private func train(_ model: String, _ arguments: [String], output: String) throws -> BuiltProgram.Run {
        try tool.run(
            [
                "train", model, "--data", try tool.images(), "--targets", try tool.labels(), "--batch-size",
                "16",
                "--output", tool(file: output), "--threads", "1",
            ] + arguments
        )
    }

    @Test("a description is trained as the library would, and evaluated")
    func description() throws {
        let network = try networkFile()
        let run = try train(
            network,
            ["--epochs", "2", "--seed", "7", "--learning-rate", "0.01", "--json"],
            output: "a.safetensors"
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(try run.objects("epoch").count == 2)
        let images = try SmallNetwork.images()
        let found = try Model.load(from: tool(file: "a.safetensors")).predict(images)
        let expected = try SmallNetwork.trained(threads: 1).predict(images)
        for (a, b) in zip(found.elements, expected.elements) { #expect(abs(a - b) < 1e-4) }
        let evaluation = try tool(
            "evaluate",
            tool(file: "a.safetensors"),
            "--data",
            tool(file: "x.npy"),
            "--targets",
            tool(file: "y.npy"),
            "--json"
        )
        let values = try #require(try evaluation.objects("evaluation").first?["values"] as? [String: Double])
        let own = try SmallNetwork.trained(threads: 1).evaluate(images, SmallNetwork.labels())
        #expect(abs(try #require(values["loss"]) - (own.loss ?? 0)) < 1e-4)
        #expect(values["accuracy"] != nil)
    }

    @Test("a run that is resumed comes to the bits of one that went through")
    func resume() throws {
        let network = try networkFile()
        let whole = try train(network, ["--epochs", "4"], output: "whole.safetensors")
        #expect(whole.code == 0, "\(whole.errors)")
        let checkpoints = ["--checkpoint", tool(file: "run"), "--checkpoint-every", "1"]
        #expect(try train(network, ["--epochs", "2"] + checkpoints, output: "half.safetensors").code == 0)
        let rest = try train(
            network,
            ["--epochs", "4", "--resume", "--json"] + checkpoints,
            output: "rest.safetensors"
        )
        #expect(rest.code == 0, "\(rest.errors)")
        #expect(try rest.objects("resumed").count == 1)
        let images = try SmallNetwork.images()
        let a = try Model.load(from: tool(file: "whole.safetensors")).predict(images)
        let b = try Model.load(from: tool(file: "rest.safetensors")).predict(images)
        #expect(a.bits == b.bits)
    }

    @Test("fine-tuning replaces the classifier, and leaves frozen layers as they are")
    func fineTuning() throws {
        let model = try tool.model()
        let run = try train(
            model,
            ["--classes", "4", "--freeze-until", "flatten", "--epochs", "1"],
            output: "tuned.safetensors"
        )
        #expect(run.code == 0, "\(run.errors)")
        let tuned = try Model.load(from: tool(file: "tuned.safetensors")), base = try SmallNetwork.trained()
        #expect(tuned.outputShape == [4])
        #expect(try tuned.parameter(named: "conv2d/kernel") == base.parameter(named: "conv2d/kernel"))
        #expect(try tuned.parameter(named: "dense/kernel") != base.parameter(named: "dense/kernel"))
        #expect(try train(model, ["--freeze-until", "nothing"], output: "n.safetensors").code == 5)
    }

    @Test("training goes on as the file says")
    func goesOn() throws {
        let model = try tool.model()
        let run = try train(
            model,
            ["--epochs", "1", "--report", tool(file: "report")],
            output: "on.safetensors"
        )
        #expect(run.code == 0, "\(run.errors)")
        // The optimizer and its step are those of the file: the network was trained for two epochs of four steps.
        let on = try Model.load(from: tool(file: "on.safetensors"))
        #expect(on.stepCount == 12 && on.learningRate == 0.01)
        #expect(Set(try tool.folder.names).isSuperset(of: ["report"]))
    }

    @Test("another learning rate leaves the optimizer of the file")
    func learningRate() throws {
        let run = try train(
            tool.model(),
            ["--epochs", "1", "--learning-rate", "0.002"],
            output: "on.safetensors"
        )
        #expect(run.code == 0, "\(run.errors)")
        let on = try Model.load(from: tool(file: "on.safetensors"))
        #expect(on.stepCount == 12 && on.learningRate == 0.002)
    }

    @Test("a network by its name is fine-tuned from weights")
    func fineTuningOfWeights() throws {
        let base = try Applications.leNet5(classes: 4, seed: 3)
        try base.savePyTorchWeights(to: tool(file: "w.safetensors"))
        let images = try Tensor(shape: [12, 32, 32, 1]) { index in
            let place: Int = index[0] * 7 + index[1] * 3 + index[2]
            return Float(place % 11) / 11
        }
        try images.saveNPY(to: tool(file: "x.npy"))
        try Labels((0..<12).map { Int32($0 % 3) }).saveNPY(to: tool(file: "y.npy"))
        let frozen = try #require(base.parameters.first?.name)
        let layer = String(frozen.prefix { $0 != "/" })
        let run = try tool.run([
            "train", "lenet5", "--weights", tool(file: "w.safetensors"), "--data", tool(file: "x.npy"),
            "--targets", tool(file: "y.npy"), "--classes", "3", "--freeze-until", layer, "--epochs", "1",
            "--output", tool(file: "t.safetensors"),
        ])
        #expect(run.code == 0, "\(run.errors)")
        let tuned = try Model.load(from: tool(file: "t.safetensors"))
        #expect(tuned.outputShape == [3])
        #expect(try tuned.parameter(named: frozen) == base.parameter(named: frozen))
    }

    @Test("a network by its name has as many classes as the labels beside an array")
    func classesOfLabels() throws {
        try Tensor(zeros: [12, 32, 32, 1]).saveNPY(to: tool(file: "x.npy"))
        try Labels((0..<12).map { Int32($0 % 4) }).saveNPY(to: tool(file: "y.npy"))
        let run = try tool.run([
            "train", "lenet5", "--data", tool(file: "x.npy"), "--targets", tool(file: "y.npy"), "--epochs",
            "1",
            "--output", tool(file: "a.safetensors"),
        ])
        #expect(run.code == 0, "\(run.errors)")
        #expect(try Model.load(from: tool(file: "a.safetensors")).outputShape == [4])
    }

    @Test("what stands against the trained model's file is told before the first epoch")
    func output() throws {
        let network = try networkFile()
        let nowhere = try train(network, ["--json"], output: "none/a.safetensors")
        #expect(nowhere.code == 3 && nowhere.errors.contains("none/a.safetensors"), "\(nowhere.errors)")
        #expect(try nowhere.objects().map { $0["event"] as? String } == ["error"])
        _ = try tool.folder.makeFolder("folder.safetensors")
        let folder = try train(network, ["--json"], output: "folder.safetensors")
        #expect(folder.code == 3 && folder.errors.contains("a folder"), "\(folder.errors)")
        #expect(try folder.objects().map { $0["event"] as? String } == ["error"])
    }

    @Test(
        "a format that refuses the model does so before the first epoch",
        .enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip")
    )
    func formatOfOutput() throws {
        let network = try tool.onnx("t.onnx", "ConvTranspose", ["N", "2", "4", "5"], weights: [2, 3, 2, 2])
        try Tensor(zeros: [4, 2, 4, 5]).saveNPY(to: tool(file: "x.npy"))
        try Tensor(zeros: [4, 3, 5, 6]).saveNPY(to: tool(file: "y.npy"))
        func run(output: String) throws -> BuiltProgram.Run {
            try tool.run([
                "train", network, "--data", tool(file: "x.npy"), "--targets", tool(file: "y.npy"), "--epochs",
                "1",
                "--json", "--output", tool(file: output),
            ])
        }
        #expect(try run(output: "a.safetensors").code == 0)
        let refused = try run(output: "a.keras")
        #expect(refused.code == 5 && refused.errors.contains("Keras"), "\(refused.errors)")
        #expect(try refused.objects().map { $0["event"] as? String } == ["error"])
        #expect(try tool.folder.names == ["a.safetensors", "t.onnx", "x.npy", "y.npy"])
    }

    @Test("Ctrl-C ends training with a checkpoint, and exit code 130")
    func interruption() throws {
        let network = try networkFile()
        // The shell waits for the first checkpoint, sends the signal, and prints the exit code after the lines of the tool.
        let script = """
            "$0" "$@" & child=$!
            tries=0
            while [ ! -e "$RUN" ] && [ $tries -lt 600 ]; do sleep 0.1; tries=$((tries + 1)); done
            kill -INT $child; wait $child; echo "exit code $?"
            """
        let run = try BuiltProgram(path: "/bin/sh").run(
            [
                "-c", script, BuiltProgram("convnet").path, "train", network, "--data", try tool.images(),
                "--targets", try tool.labels(), "--epochs", "1000000", "--checkpoint", tool(file: "run"),
                "--checkpoint-every", "1", "--output", tool(file: "a.safetensors"), "--quiet",
            ],
            environment: ["RUN": tool(file: "run") + "/a.checkpoint"],
            timeout: 300
        )
        #expect(run.output.contains("exit code 130"), "\(run.output) \(run.errors)")
        #expect(run.errors.contains("--resume"), "\(run.errors)")
        #expect(try !tool.folder.names.contains("a.safetensors"))
    }

    @Test("a network by its name, on an archive", .enabled(if: Traits.hasZip, "needs the trait Zip"))
    func application() throws {
        let images = try Tensor(shape: [12, 16, 16, 1]) { index in
            let place: Int = index[0] * 7 + index[1] * 3 + index[2]
            return Float(place % 11) / 11
        }
        let labels = try Tensor((0..<12).map { Float($0 % 3) })
        try NumPyArchive.save(["x_train": images, "y_train": labels], to: tool(file: "floats.npz"))
        // Targets that are no integers are values, of which the network puts out others.
        let floats = try tool(
            "train",
            "LeNet-5",
            "--data",
            tool(file: "floats.npz"),
            "--output",
            tool(file: "a.safetensors")
        )
        #expect(floats.code == 5 && floats.errors.contains("--classes"))
    }

    @Test("data and models that are not there are named with what is known")
    func errors() throws {
        let network = try networkFile()
        let noModel = try tool("train", "resnet19", "--data", "mnist")
        #expect(noModel.code == 5 && noModel.errors.contains("resnet18"))
        #expect(noModel.errors.contains("unet"))
        let noData = try tool("train", network, "--data", tool(file: "none"))
        #expect(noData.code == 3 && noData.errors.contains("fashion-mnist"))
        let noTargets = try tool("train", network, "--data", tool.images())
        #expect(noTargets.code == 5 && noTargets.errors.contains("--targets"))
        let wrong = try tool(
            "evaluate",
            tool.model(),
            "--data",
            tool(file: "x.npy"),
            "--targets",
            tool(file: "x.npy")
        )
        #expect(wrong.code == 5)
        let diverged = try train(network, ["--learning-rate", "1e30"], output: "d.safetensors")
        #expect(diverged.code == 8 && diverged.errors.contains("finite"))
    }
}
