import SwiftConvNet
import TestSupport
import Testing

@Suite("Weights in and out")
struct WeightsTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("weights.safetensors") }

    init() throws { folder = try TemporaryFolder() }

    private func bits(_ model: Model) -> [[UInt32]] { model.parameters.map(\.values.bits) }

    @Test("Parameters have Keras' names, order and shapes")
    func parameters() throws {
        let model = try SmallNetwork.make()
        #expect(
            model.parameters.map { "\($0.name) \($0.values.shape)" } == [
                "conv2d/kernel [3, 3, 1, 4]", "conv2d/bias [4]", "dense/kernel [36, 12]", "dense/bias [12]",
                "out/kernel [12, 3]", "out/bias [3]",
            ]
        )
        #expect(model.parameters.allSatisfy { $0.isTrainable })
        #expect(model.parameterCount == 36 + 4 + 36 * 12 + 12 + 36 + 3)
        #expect(model.trainableParameterCount == model.parameterCount)
        #expect(try model.parameter(named: "dense/kernel") == model.parameters[2].values)
        let error = #expect(throws: ConvNetError.self) { try model.parameter(named: "dense/weight") }
        #expect(error?.kind == .argument)
        #expect(error?.expected?.contains("dense/kernel") == true)
    }

    @Test("What is handed out is a copy")
    func copies() throws {
        let model = try SmallNetwork.make()
        let before = try model.parameter(named: "out/bias")
        try model.setParameters(["out/bias": Tensor([1, 2, 3])])
        #expect(before.elements == [0, 0, 0])
        #expect(try model.parameter(named: "out/bias").elements == [1, 2, 3])
    }

    @Test("Weights of one model make another predict the same bits")
    func transfer() throws {
        let x = try SmallNetwork.images()
        let source = try SmallNetwork.trained()
        let expected = try source.predict(x).bits
        let byName = try SmallNetwork.make(seed: 1), inOrder = try SmallNetwork.make(seed: 2)
        #expect(try byName.predict(x).bits != expected)
        try byName.setParameters(
            Dictionary(uniqueKeysWithValues: source.parameters.map { ($0.name, $0.values) })
        )
        try inOrder.setWeights(source.parameters.map(\.values))
        #expect(try byName.predict(x).bits == expected)
        #expect(try inOrder.predict(x).bits == expected)
    }

    @Test("Weights that do not fit change nothing")
    func refused() throws {
        let model = try SmallNetwork.make()
        let before = bits(model)
        #expect(throws: ConvNetError.self) {
            try model.setParameters(["conv2d/bias": Tensor([1, 2, 3, 4]), "out/bias": Tensor([1, 2])])
        }
        #expect(throws: ConvNetError.self) {
            try model.setParameters(["conv2d/bias": Tensor([1, 2, 3, 4]), "out/gain": Tensor([1, 2, 3])])
        }
        #expect(throws: ConvNetError.self) { try model.setWeights([Tensor([1])]) }
        #expect(throws: ConvNetError.self) { try model.setWeights(model.parameters.map(\.values).reversed()) }
        #expect(bits(model) == before)
    }

    @Test("Weights go through a file, that of a whole model too")
    func files() throws {
        let source = try SmallNetwork.trained()
        try source.saveWeights(to: path)
        try source.save(to: folder.file("model"))
        #expect(try SafeTensors(contentsOf: path).metadata.isEmpty)
        for file in [path, folder.file("model")] {
            let model = try SmallNetwork.make(seed: 1)
            try model.loadWeights(from: file)
            #expect(bits(model) == bits(source))
        }
        let error = #expect(throws: ConvNetError.self) { try Model.load(from: path) }
        #expect(error?.remedy?.contains("loadWeights") == true)
    }

    @Test("A file with other arrays changes nothing, unless mismatches are passed over")
    func mismatches() throws {
        let model = try SmallNetwork.make()
        let before = bits(model)
        let bias = try Tensor([1, 2, 3, 4])
        try SafeTensors.write(["conv2d/bias": bias], to: path)
        var error = #expect(throws: ConvNetError.self) { try model.loadWeights(from: path) }
        #expect(error?.description.contains("conv2d/kernel") == true)
        var all = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.values) })
        all["conv2d/bias"] = bias
        all["other"] = bias
        try SafeTensors.write(all, to: path)
        error = #expect(throws: ConvNetError.self) { try model.loadWeights(from: path) }
        #expect(error?.description.contains("\"other\"") == true)
        #expect(bits(model) == before)
        all["out/bias"] = bias
        all["out/kernel"] = nil
        try SafeTensors.write(all, to: path)
        try model.loadWeights(from: path, skipMismatch: true)
        #expect(try model.parameter(named: "conv2d/bias") == bias)
        #expect(try model.parameter(named: "out/bias").elements == [0, 0, 0])
    }

    @Test("What was loaded, and what was passed over and why, is told")
    func report() throws {
        let model = try SmallNetwork.make()
        var all = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.values) })
        all["other"] = try Tensor([1])
        all["out/bias"] = try Tensor([1, 2, 3, 4])
        all["out/kernel"] = nil
        try SafeTensors.write(all, to: path)
        let loaded = try model.loadWeights(from: path, skipMismatch: true)
        #expect(loaded.path == path)
        #expect(loaded.names == ["conv2d/kernel", "conv2d/bias", "dense/kernel", "dense/bias"])
        #expect(loaded.skipped.map(\.name) == ["out/kernel", "out/bias", "other"])
        #expect(
            loaded.skipped.map(\.reason) == [.missingInFile, .shape(file: [4], model: [3]), .missingInModel]
        )
        #expect(
            "\(loaded)" == """
                4 of 6 parameters loaded from \(path).
                Passed over: out/kernel (the file lacks it)
                Passed over: out/bias ([4] in the file, [3] in the model)
                Passed over: other (the model has no such parameter)
                """
        )
        // All that fits, and the optimizer of a whole model is not counted as left over.
        try SmallNetwork.trained().save(to: path)
        let whole = try SmallNetwork.make(seed: 1).loadWeights(from: path, skipMismatch: true)
        #expect(whole.names.count == 6 && whole.skipped.isEmpty)
        #expect(try model.loadWeights(from: path) == whole)
    }

    @Test("A file of which nothing fits is an error, and changes nothing")
    func nothingFits() throws {
        let model = try SmallNetwork.make()
        let before = bits(model)
        try SafeTensors.write(["a/kernel": Tensor([1]), "a/bias": Tensor([1])], to: path)
        var error = #expect(throws: ConvNetError.self) {
            try model.loadWeights(from: path, skipMismatch: true)
        }
        #expect(error?.kind == .format)
        #expect(error?.location == path)
        #expect(error?.expected?.contains("conv2d/kernel") == true)
        #expect(error?.received == "a/bias, a/kernel")
        try SafeTensors.write(["out/bias": Tensor([1])], to: path)
        error = #expect(throws: ConvNetError.self) { try model.loadWeights(from: path, skipMismatch: true) }
        #expect(error?.received == "out/bias ([1] in the file, [3] in the model)")
        #expect(bits(model) == before)
        // A model without parameters has nothing to load.
        let empty = try Sequential(inputShape: [4], layers: [Softmax()])
        #expect(try empty.loadWeights(from: path, skipMismatch: true).names.isEmpty)
    }

    @Test("Elements of another type are passed over by name")
    func elementType() throws {
        // out/bias as half precision: three elements of two bytes.
        let header =
            #"{"out/bias":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"#
            + #""conv2d/bias":{"dtype":"F32","shape":[4],"data_offsets":[6,22]}}"#
        let size = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        try AtomicFile.write(size + Array(header.utf8) + [UInt8](repeating: 0, count: 22), to: path)
        let loaded = try SmallNetwork.make().loadWeights(from: path, skipMismatch: true)
        #expect(loaded.names == ["conv2d/bias"])
        #expect(loaded.skipped.contains { $0.name == "out/bias" && $0.reason == .elementType(.float16) })
        #expect("\(loaded)".contains("out/bias (F16 in the file, F32 in the model)"))
    }
}
