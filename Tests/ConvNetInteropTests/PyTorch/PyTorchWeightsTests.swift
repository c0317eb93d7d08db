import ConvNetInterop
import SwiftConvNet
import TestSupport
import Testing

@Suite("Weights of PyTorch")
struct PyTorchWeightsTests {
    private let golden: PyTorchGolden
    private let images: Tensor

    /// Sums of up to 144 products in another order.
    private let tolerance: Float = 2e-6

    init() throws {
        golden = try PyTorchGolden.read()
        images = try Tensor(golden.images, shape: [2, 3, 4, 2])
    }

    private static let files: [String] =
        Traits.hasZip ? ["pytorch-tiny.safetensors", "pytorch-tiny.pt"] : ["pytorch-tiny.safetensors"]

    @Test("PyTorch's predictions, by the names of modules", arguments: files)
    func names(file: String) throws {
        let model = try PyTorchGolden.tiny()
        let report = try model.loadPyTorchWeights(from: PyTorchGolden.path(file))
        #expect(report.loadedCount == model.parameters.count && report.mismatches.isEmpty, "\(report)")
        #expect(report.notes.map { $0.prefix(4) } == ["bn1:", "fc: "])
        #expect(report.entries[0].array == "conv.weight" && report.entries[0].parameter == "conv/kernel")
        #expect(try PyTorchGolden.deviation(model.predict(images), golden.scores) < tolerance)
    }

    @Test("PyTorch's predictions, by a map of names")
    func map() throws {
        let model = try PyTorchGolden.tiny(named: false)
        let modules = [
            "conv2d": "conv", "batch_normalization": "bn", "depthwise_conv2d": "dw", "conv2d_transpose": "up",
            "p_re_lu": "prelu", "batch_normalization_1": "bn1", "dense": "fc", "layer_normalization": "ln",
        ]
        let names = Set(model.parameters.map { String($0.name.split(separator: "/")[0]) })
        try #require(names == Set(modules.keys))
        let options = PyTorchOptions(modules: modules)
        try model.loadPyTorchWeights(from: PyTorchGolden.path("pytorch-tiny.safetensors"), options: options)
        #expect(try PyTorchGolden.deviation(model.predict(images), golden.scores) < tolerance)
    }

    @Test("PyTorch's predictions, by the order of modules", .enabled(if: Traits.hasZip))
    func order() throws {
        let model = try PyTorchGolden.tiny(named: false), options = PyTorchOptions(matchesByOrder: true)
        try model.loadPyTorchWeights(from: PyTorchGolden.path("pytorch-tiny.pt"), options: options)
        #expect(try PyTorchGolden.deviation(model.predict(images), golden.scores) < tolerance)
        // Such a file is sorted by names.
        let error = try #require(throws: ConvNetError.self) {
            try model.loadPyTorchWeights(
                from: PyTorchGolden.path("pytorch-tiny.safetensors"),
                options: options
            )
        }
        #expect(error.kind == .argument)
    }

    @Test("Attention and words of a checkpoint", .enabled(if: Traits.hasZip))
    func attention() throws {
        let model = try PyTorchGolden.attention(), path = PyTorchGolden.path("pytorch-checkpoint.pt")
        let error = try #require(throws: ConvNetError.self) { try model.loadPyTorchWeights(from: path) }
        #expect(error.kind == .format && error.expected?.contains("\"model\"") == true, "\(error)")
        try model.loadPyTorchWeights(from: path, options: PyTorchOptions(dictionary: "model"))
        let found = try model.predict(Tensor(golden.words, shape: [2, 5]))
        #expect(PyTorchGolden.deviation(found, golden.attended) < tolerance)

        let folder = try TemporaryFolder(), file = folder.file("attention.safetensors")
        try model.savePyTorchWeights(to: file)
        let shapes = try SafeTensors(contentsOf: file).entries.map { "\($0.name) \($0.shape)" }
        #expect(
            shapes == [
                "attention.in_proj_bias [24]", "attention.in_proj_weight [24, 8]",
                "attention.out_proj.bias [8]", "attention.out_proj.weight [8, 8]", "words.weight [10, 8]",
            ]
        )
        let other = try PyTorchGolden.attention()
        try other.loadPyTorchWeights(from: file)
        #expect(other.parameters.map(\.values) == model.parameters.map(\.values))
    }

    @Test("What is written is what PyTorch has written")
    func writing() throws {
        let original = PyTorchGolden.path("pytorch-tiny.safetensors")
        let model = try PyTorchGolden.tiny(), folder = try TemporaryFolder()
        try model.loadPyTorchWeights(from: original)
        try model.savePyTorchWeights(
            to: folder.file("a.safetensors"),
            options: PyTorchOptions(prefix: "module.")
        )
        let expected = try SafeTensors(contentsOf: original)
        let found = try SafeTensors(contentsOf: folder.file("a.safetensors"))
        let names = expected.entries.map(\.name).filter { !$0.hasSuffix("num_batches_tracked") }
        #expect(found.entries.count == names.count && found.metadata == ["format": "pt"])
        for name in names {
            #expect(try found.tensor(named: "module." + name) == expected.tensor(named: name), "\(name)")
        }
        let other = try PyTorchGolden.tiny()
        try other.loadPyTorchWeights(
            from: folder.file("a.safetensors"),
            options: PyTorchOptions(prefix: "module.")
        )
        #expect(other.parameters.map(\.values) == model.parameters.map(\.values))
    }

    @Test("Arrays that do not fit are an error that changes nothing, or passed over")
    func mismatches() throws {
        let path = PyTorchGolden.path("pytorch-tiny.safetensors"), model = try PyTorchGolden.tiny(classes: 6)
        let before = model.parameters.map(\.values)
        let error = try #require(throws: ConvNetError.self) { try model.loadPyTorchWeights(from: path) }
        #expect(error.kind == .format && "\(error)".contains("fc/kernel (fc.weight) has the shape [5, 144]"))
        #expect(model.parameters.map(\.values) == before)
        let report = try model.loadPyTorchWeights(
            from: path,
            options: PyTorchOptions(skipsMismatches: true)
        )
        #expect(report.mismatches.map(\.array) == ["fc.weight", "fc.bias", "ln.weight", "ln.bias"])
        #expect(report.loadedCount == model.parameters.count - 4)
    }

    @Test("Names that do not meet at all are an error that says what to do")
    func otherNames() throws {
        let model = try PyTorchGolden.tiny(named: false)
        let error = try #require(throws: ConvNetError.self) {
            try model.loadPyTorchWeights(from: PyTorchGolden.path("pytorch-tiny.safetensors"))
        }
        #expect(error.kind == .format && error.remedy?.contains("variant: .torchvision") == true)
    }

    @Test("Layers without a module, and options for layers that there are not, are refused")
    func refusals() throws {
        let separable = try Sequential(inputShape: [4, 4, 2]) {
            SeparableConv2D(filters: 2, kernelSize: 3, name: "odd")
        }
        let folder = try TemporaryFolder(), path = folder.file("a.safetensors")
        var error = try #require(throws: ConvNetError.self) { try separable.savePyTorchWeights(to: path) }
        #expect(error.kind == .argument && "\(error)".contains("odd (SeparableConv2D)"))
        let model = try PyTorchGolden.tiny()
        for options in [
            PyTorchOptions(modules: ["cnov": "a"]), PyTorchOptions(flattenedImages: ["cnov": []]),
        ] {
            error = try #require(throws: ConvNetError.self) {
                try model.savePyTorchWeights(to: path, options: options)
            }
            #expect(error.kind == .argument && error.received == "cnov")
        }
        error = try #require(throws: ConvNetError.self) {
            try model.savePyTorchWeights(to: path, options: PyTorchOptions(modules: ["fc": "up"]))
        }
        #expect(error.kind == .argument)
    }

    @Test("A flattened image is named, or said to be none")
    func flattenedImages() throws {
        func dense() throws -> Sequential {
            try Sequential(inputShape: [2, 1, 3]) {
                Flatten()
                Dense(units: 1, useBias: false, name: "fc")
            }
        }
        let folder = try TemporaryFolder(), path = folder.file("a.safetensors")
        try SafeTensors.write(["fc.weight": Tensor([0, 1, 2, 3, 4, 5], shape: [1, 6])], to: path)
        func kernel(_ shape: Shape?) throws -> [Float] {
            let model = try dense()
            let options = PyTorchOptions(flattenedImages: shape.map { ["fc": $0] } ?? [:])
            try model.loadPyTorchWeights(from: path, options: options)
            return model.parameters[0].values.elements
        }
        // Channel c of row h is element 2 c + h in PyTorch, 3 h + c here.
        #expect(try kernel(nil) == [0, 2, 4, 1, 3, 5])
        #expect(try kernel([]) == [0, 1, 2, 3, 4, 5])
        #expect(try kernel([3, 1, 2]) == [0, 3, 1, 4, 2, 5])
    }

    @Test("Kernels of 1-D convolutions, group and RMS normalisation")
    func otherLayers() throws {
        let model = try Sequential(inputShape: [6, 2]) {
            Conv1D(filters: 4, kernelSize: 3, useBias: false, name: "conv")
            GroupNormalization(groups: 2, name: "group")
            RMSNormalization(name: "rms")
        }
        let folder = try TemporaryFolder(), path = folder.file("a.safetensors")
        try model.savePyTorchWeights(to: path)
        let file = try PyTorchFile(contentsOf: path)
        #expect(
            file.entries.map { "\($0.name) \($0.shape)" } == [
                "conv.weight [4, 2, 3]", "group.bias [4]", "group.weight [4]", "rms.weight [4]",
            ]
        )
        let kernel = try model.parameter(named: "conv/kernel"), array = try file.tensor(named: "conv.weight")
        #expect(array[3, 1, 2] == kernel[2, 1, 3] && array[0, 1, 0] == kernel[0, 1, 0])
    }
}
