import ConvNetInterop
import SwiftConvNet
import TestSupport
import Testing

@Suite("Keras files", .enabled(if: Traits.hasKeras, "needs the traits HDF5 and Zip"))
struct KerasFileTests {
    /// What `Tests/Goldens/keras_files.py` has written.
    private struct Values: Decodable {
        let x: [Float], t: [Float], y: [Float], trained: [Float]
    }

    private let golden: Values
    private let x: Tensor, t: Tensor

    init() throws {
        golden = try Golden.read("keras_files")
        x = try Tensor(golden.x, shape: [3, 4, 4, 2])
        t = try Tensor(golden.t, shape: [3, 2])
    }

    private func path(_ name: String) -> String { Golden.folder.appendingPathComponent(name).path }

    private func deviation(_ a: Tensor, _ b: [Float]) -> Float {
        zip(a.elements, b).map { abs($0 - $1) }.max() ?? .infinity
    }

    @Test(
        "Keras' predictions, and its training that goes on",
        arguments: ["keras-tiny.keras", "keras-tiny.h5"]
    )
    func golden(name: String) throws {
        let file = try KerasFile(contentsOf: path(name)), model = file.model
        #expect(file.version == "3.15.1")
        #expect(file.report.loadedCount == 8 && file.report.mismatches.isEmpty && file.report.notes.isEmpty)
        #expect(model.name == "tiny" && model.inputNames == ["image"] && model.outputNames == ["scores"])
        // Sums of some ten products in another order.
        #expect(try deviation(model.predict(x), golden.y) < 1e-6)
        #expect(model.stepCount == 2)
        _ = try model.fit(x, t, batchSize: 3, epochs: 5, verbose: .silent, shuffle: false)
        #expect(try deviation(model.predict(x), golden.trained) < 1e-5)
    }

    @Test("A saved model comes back the same, and trains on in the same bits")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let model = try Model.load(fromKeras: path("keras-tiny.keras"))
        try model.save(toKeras: folder.file("a.keras"))
        let back = try KerasFile(contentsOf: folder.file("a.keras")).model
        try back.save(toKeras: folder.file("b.keras"))
        #expect(
            try FileContents.read(folder.file("a.keras"), limit: 1 << 20)
                == FileContents.read(folder.file("b.keras"), limit: 1 << 20)
        )
        for each in [model, back] {
            _ = try each.fit(x, t, batchSize: 3, epochs: 3, verbose: .silent, shuffle: false)
        }
        #expect(try model.predict(x) == back.predict(x))
    }

    @Test("Weights alone, from each kind of file")
    func weights() throws {
        let folder = try TemporaryFolder()
        let file = try KerasFile(contentsOf: path("keras-tiny.keras"), options: KerasOptions(compiles: false))
        let expected = try file.model.predict(x)
        try file.model.saveKerasWeights(to: folder.file("a.weights.h5"))
        for source in [folder.file("a.weights.h5"), path("keras-tiny.keras"), path("keras-tiny.h5")] {
            let model = try Model(graph: file.model.graph, seed: 9)
            #expect(try model.predict(x) != expected)
            #expect(try model.loadKerasWeights(from: source).loadedCount == 8)
            #expect(try model.predict(x) == expected)
        }
        #expect(throws: ConvNetError.self) { try file.model.saveKerasWeights(to: folder.file("a.h5")) }
        #expect(throws: ConvNetError.self) { try file.model.save(toKeras: folder.file("a.h5")) }
        let wrong = try #require(throws: ConvNetError.self) {
            try KerasFile(contentsOf: folder.file("a.weights.h5"))
        }
        #expect(wrong.remedy?.contains("loadKerasWeights") == true)
    }

    @Test("Arrays that do not fit are listed, and passed over if that is asked for")
    func mismatches() throws {
        let model = try Model.load(fromKeras: path("keras-tiny.keras"))
        let other = try Sequential(inputShape: [4, 4, 2]) {
            Conv2D(filters: 3, kernelSize: 2)
            GlobalAveragePooling2D()
            Dense(units: 5)
            Dense(units: 2)
        }
        let folder = try TemporaryFolder()
        try model.saveKerasWeights(to: folder.file("a.weights.h5"))
        let error = try #require(throws: ConvNetError.self) {
            try other.loadKerasWeights(from: folder.file("a.weights.h5"))
        }
        #expect(
            error.summary.contains(
                "dense/kernel (layers/dense/vars/0) has the shape [3, 2] in the file, [3, 5] in the model"
            )
        )
        #expect(error.summary.contains("dense_1/kernel (layers/dense_1/vars/0) is missing"))
        #expect(error.summary.contains("layers/batch_normalization/vars/3 is not used"))
        let report = try other.loadKerasWeights(from: folder.file("a.weights.h5"), skipMismatch: true)
        #expect(report.loadedCount == 2 && report.mismatches.count == 8)
        #expect(try other.parameter(named: "conv2d/kernel") == model.parameter(named: "stem/kernel"))
    }

    @Test("All that is not supported is one error, and custom layers can be made")
    func unsupported() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.keras")
        let config: JSONValue = .keras(
            "keras",
            "Sequential",
            [
                "name": "odd",
                "layers": [
                    .keras("keras.layers", "InputLayer", ["batch_shape": [.null, 4], "name": "in"]),
                    .keras(
                        "keras.layers",
                        "Lambda",
                        ["name": "double", "function": ["class_name": "__lambda__"]]
                    ),
                    .keras("keras.layers", "LSTM", ["name": "memory", "units": 3]),
                    .keras("keras.layers", "Conv2D", ["name": "first", "data_format": "channels_first"]),
                ],
            ]
        )
        var writer = HDF5Writer()
        writer.addGroup("layers")
        func write(_ config: JSONValue) throws {
            let archive = try ZipWriter.archive([
                ("config.json", Array(config.description.utf8)), ("model.weights.h5", writer.file()),
            ])
            try AtomicFile.write(archive, to: file)
        }
        try write(config)
        let error = try #require(throws: ConvNetError.self) { try KerasFile(contentsOf: file) }
        #expect(error.kind == .format)
        for word in ["double", "Lambda", "memory", "LSTM", "first", "channels_first"] {
            #expect(error.summary.contains(word))
        }

        var known = config
        known["config"]["layers"] = .list(Array((config["config"]["layers"].list ?? []).prefix(2)))
        try write(known)
        let options = KerasOptions(customLayers: ["Lambda": { Rescaling(scale: 2, name: $0.name) }])
        let model = try KerasFile(contentsOf: file, options: options).model
        #expect(try model.predict(Tensor([1, 2, 3, 4], shape: [1, 4])).elements == [2, 4, 6, 8])
        #expect(model.layers.map(\.name) == ["double"])
    }

    @Test("Archives that are cut short, or changed, are errors")
    func broken() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.keras")
        let bytes = try FileContents.read(path("keras-tiny.keras"), limit: 1 << 20)
        for count in [0, 10, 1000, bytes.count / 2, bytes.count - 1] {
            try AtomicFile.write(Array(bytes[..<count]), to: file)
            #expect(throws: ConvNetError.self) { try KerasFile(contentsOf: file) }
        }
        for round in 0..<60 {
            var broken = bytes
            let random = Golden.bits(stream: 11, index: UInt32(round))
            broken[Int(random) % bytes.count] ^= 0x55
            try AtomicFile.write(broken, to: file)
            do { _ = try KerasFile(contentsOf: file) } catch is ConvNetError {}
        }
    }

    @Test("What Keras has no form for is one error")
    func noForm() throws {
        let folder = try TemporaryFolder()
        let model = try Sequential(inputShape: [4, 3]) {
            PositionEmbedding(name: "positions")
            Dense(units: 2, activation: .elu(alpha: 0.5), name: "dense")
        }
        let error = try #require(throws: ConvNetError.self) {
            try model.save(toKeras: folder.file("a.keras"))
        }
        #expect(error.kind == .argument && error.summary.contains("positions"))
        #expect(try folder.names.isEmpty)
    }
}
