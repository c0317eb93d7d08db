import ConvNetInterop
import TestSupport
import Testing

@Suite("convnet summary, convert, compare and profile")
struct InspectTests {
    private let tool: Tool

    init() throws { tool = try Tool() }

    @Test("summary is the library's, with inputs and outputs")
    func summary() throws {
        let model = try tool.model()
        let text = try tool("summary", model)
        #expect(text.code == 0 && text.output.contains("conv2d (Conv2D)"))
        #expect(text.output.contains("Output out: [N, 3]"), "\(text.output)")
        let line = try #require(try tool("summary", model, "--json").objects("summary").first)
        let count = try SmallNetwork.make().parameterCount
        #expect(line["parameters"] as? Int == count)
        #expect((line["layers"] as? [[String: Any]])?.last?["name"] as? String == "out")
        #expect(try tool("summary", model, "--batch-size", "4").output.contains("Computed by"))
    }

    @Test("convert writes a file that predicts the same, and says how far it is off")
    func convert() throws {
        let model = try tool.model()
        let run = try tool("convert", model, tool(file: "same.safetensors"), "--json")
        #expect(run.code == 0, "\(run.errors)")
        let line = try #require(try run.objects("conversion").first)
        #expect(line["agree"] as? Bool == true && line["largest_difference"] as? Double == 0)
        let images = try SmallNetwork.images()
        #expect(
            try Model.load(from: tool(file: "same.safetensors")).predict(images)
                == SmallNetwork.trained().predict(images)
        )
        #expect(try tool.folder.names == ["model.safetensors", "same.safetensors"])
    }

    @Test("convert to Keras and back", .enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func keras() throws {
        let model = try tool.model()
        let there = try tool("convert", model, tool(file: "a.keras"))
        #expect(there.code == 0 && there.output.contains("largest difference"), "\(there.errors)")
        let back = try tool(
            "convert",
            tool(file: "a.keras"),
            tool(file: "b.safetensors"),
            "--without-optimizer"
        )
        #expect(back.code == 0, "\(back.errors)")
        #expect(try Model.load(from: tool(file: "b.safetensors")).learningRate == nil)
    }

    @Test("convert to ONNX and back, in the version of the operators that is named")
    func onnx() throws {
        let model = try tool.model()
        let there = try tool("convert", model, tool(file: "a.onnx"), "--opset", "20", "--json")
        #expect(there.code == 0, "\(there.errors)")
        #expect(try there.objects("conversion").first?["agree"] as? Bool == true)
        let summary = try tool("summary", tool(file: "a.onnx"))
        #expect(summary.output.contains("[N, 8, 8, 1]"), "\(summary.output)")
        let back = try tool("convert", tool(file: "a.onnx"), tool(file: "b.safetensors"))
        #expect(back.code == 0, "\(back.errors)")
        let images = try SmallNetwork.images()
        let found = try Model.load(from: tool(file: "b.safetensors")).predict(images)
        for (a, b) in zip(found.elements, try SmallNetwork.trained().predict(images).elements) {
            #expect(abs(a - b) < 1e-5)
        }
    }

    @Test("convert to PyTorch's weights, and from them by a description")
    func pyTorch() throws {
        let model = try tool.model()
        try AtomicFile.write(SmallNetwork.make().toJSON(), to: tool(file: "network.json"))
        let weights = tool(file: "weights.safetensors")
        let there = try tool("convert", model, weights, "--to", "pytorch")
        #expect(there.code == 0 && there.output.contains("PyTorch"), "\(there.errors)")
        #expect(try PyTorchFile(contentsOf: weights)["conv2d.weight"]?.shape == [4, 1, 3, 3])
        let back = try tool(
            "convert",
            tool(file: "network.json"),
            tool(file: "b.safetensors"),
            "--weights",
            weights
        )
        #expect(back.code == 0, "\(back.errors)")
        // The dense layer behind the flattened image reads it in another order.
        #expect(back.errors.contains("Note: dense") && back.errors.contains("order"), "\(back.errors)")
        let images = try SmallNetwork.images()
        #expect(
            try Model.load(from: tool(file: "b.safetensors")).predict(images)
                == SmallNetwork.trained().predict(images)
        )
        let alone = try tool("summary", weights)
        #expect(alone.code == 4 && alone.errors.contains("--weights"), "\(alone.errors)")
        let other = try tool("summary", "lenet5", "--weights", weights)
        #expect(other.code == 4 && other.errors.contains("missing in the file"), "\(other.errors)")
    }

    @Test("a network by its name has as many classes as its weights")
    func classesOfWeights() throws {
        let network = try Applications.leNet5(classes: 4, seed: 3)
        try network.savePyTorchWeights(to: tool(file: "w.safetensors"))
        try Tensor(zeros: [2, 32, 32, 1]).saveNPY(to: tool(file: "x.npy"))
        let run = try tool(
            "predict",
            "lenet5",
            "--weights",
            tool(file: "w.safetensors"),
            "--input",
            tool(file: "x.npy"),
            "--output",
            tool(file: "y.npy")
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(try Tensor(npy: tool(file: "y.npy")) == network.predict(Tensor(zeros: [2, 32, 32, 1])))
    }

    @Test("convert to Keras' weights", .enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
    func kerasWeights() throws {
        let model = try tool.model(), weights = tool(file: "a.weights.h5")
        let there = try tool("convert", model, weights)
        #expect(there.code == 0, "\(there.errors)")
        try AtomicFile.write(SmallNetwork.make().toJSON(), to: tool(file: "network.json"))
        let back = try tool(
            "convert",
            tool(file: "network.json"),
            tool(file: "b.safetensors"),
            "--weights",
            weights
        )
        #expect(back.code == 0, "\(back.errors)")
        #expect(try tool("compare", model, tool(file: "b.safetensors"), "--tolerance", "0").code == 0)
    }

    @Test("axes of any size are shown as such")
    func openAxes() throws {
        let model = try Sequential(inputShape: [16, 16, 3], flexibleAxes: [0, 1]) {
            Conv2D(filters: 2, kernelSize: 3)
            GlobalAveragePooling2D()
        }
        try model.save(to: tool(file: "open.safetensors"))
        let text = try tool("summary", tool(file: "open.safetensors"))
        #expect(text.output.contains("[N, ?, ?, 3]"), "\(text.output)")
    }

    @Test("--size is for the axes that an ONNX file names, and no others")
    func sizes() throws {
        let open = try tool.onnx("open.onnx", "Relu", ["N", "3", "height", "width"])
        let own = try tool.model()
        let set = try tool("summary", open, "--size", "height=6", "--json")
        let inputs = try #require(try set.objects("summary").first?["inputs"] as? [[String: Any]])
        #expect(set.code == 0 && (inputs.first?["shape"] as? [Any])?.count == 4, "\(set.errors)")
        let odd = try tool("summary", open, "--size", "width=6", "--size", "heigth=6")
        #expect(odd.code == 64 && odd.errors.contains("--size heigth"), "\(odd.errors)")
        #expect(odd.errors.contains("N, height, width"), "\(odd.errors)")
        let none = try tool("summary", own, "--size", "height=6")
        #expect(none.code == 64 && none.errors.contains("Keras"), "\(none.errors)")
        #expect(try tool("compare", open, open, "--size", "height=6").code == 0)
        // A size for one of two models is right.
        let mixed = try tool("compare", open, own, "--size", "height=6")
        #expect(mixed.code != 64, "\(mixed.errors)")
        let missing = try tool("summary", tool(file: "none.onnx"), "--size", "height=6")
        #expect(missing.code == 3, "\(missing.errors)")
    }

    @Test("a format that is not written is refused with the list, and nothing is left")
    func unwritten() throws {
        let run = try tool("convert", tool.model(), tool(file: "a.h5"))
        #expect(run.code == 5 && run.errors.contains(".safetensors"))
        #expect(try tool.folder.names == ["model.safetensors"])
    }

    @Test("compare names the first layer that differs")
    func compare() throws {
        let model = try tool.model()
        let same = try tool("compare", model, model, "--input", tool.images())
        #expect(same.code == 0, "\(same.errors)")
        let other = try SmallNetwork.trained()
        let bias = try other.parameter(named: "dense/bias")
        try other.setParameters(["dense/bias": bias + 1])
        try other.save(to: tool(file: "other.safetensors"))
        let run = try tool("compare", model, tool(file: "other.safetensors"), "--json")
        #expect(run.code == 2)
        #expect(try run.objects("comparison").first?["first_difference"] as? String == "dense")
        let layers = try run.objects("layer")
        let first = try #require(layers.first { $0["name"] as? String == "conv2d" })
        #expect(first["largest_difference"] as? Double == 0)
        #expect(layers.last?["output"] as? Bool == true)
    }

    @Test("profile has each layer with its implementation, and counts operations")
    func profile() throws {
        let model = try tool.model()
        let lines = try tool("profile", model, "--batch-size", "2", "--repeats", "1", "--why", "--json")
            .objects()
        let convolution = try #require(lines.first { $0["name"] as? String == "conv2d" })
        #expect((convolution["implementation"] as? String)?.isEmpty == false)
        #expect((convolution["alternatives"] as? [String: Any])?.isEmpty == false)
        // 6 x 6 places, windows of 3 x 3 x 1, 4 filters, 2 samples, a multiplication and an addition.
        let (speed, seconds) = (convolution["gflops"] as? Double, convolution["seconds"] as? Double)
        let operations = try #require(speed) * 1e9 * (try #require(seconds))
        #expect(abs(operations / (2 * 36 * 9 * 4 * 2) - 1) < 1e-6)
        #expect(lines.last?["event"] as? String == "profile")
        #expect(try tool("profile", model, "--training", "--repeats", "1").output.contains("Backward"))
    }

    @Test("profile counts the convolutions of ONNX that no layer of the catalogue means")
    func profileOfONNX() throws {
        let sizes = ["N", "2", "4", "5"]
        // Each of 4 x 5 places meets a window of 2 x 2 for 2 channels and 3 filters.
        let larger = try tool.onnx(
            "t.onnx",
            "ConvTranspose",
            sizes,
            weights: [2, 3, 2, 2],
            ["strides": [2, 2]]
        )
        // 4 x 5 places, as one row and one column are added behind.
        let padded = try tool.onnx("c.onnx", "Conv", sizes, weights: [3, 2, 2, 2], ["pads": [0, 0, 1, 1]])
        for path in [larger, padded] {
            let run = try tool("profile", path, "--repeats", "1", "--why", "--json")
            let row = try #require(try run.objects("layer").first { $0["gflops"] is Double }, "\(run.errors)")
            let (speed, seconds) = (row["gflops"] as? Double, row["seconds"] as? Double)
            let operations = try #require(speed) * 1e9 * (try #require(seconds))
            #expect(abs(operations / (2 * 20 * 4 * 2 * 3) - 1) < 1e-6, "\(path): \(operations)")
            #expect((row["alternatives"] as? [String: Any])?.isEmpty == false, "\(path)")
        }
    }
}
