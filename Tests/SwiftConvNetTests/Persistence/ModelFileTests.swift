import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Saved models")
struct ModelFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("model.safetensors") }

    init() throws { folder = try TemporaryFolder() }

    private func expectEqualParameters(_ a: Model, _ b: Model) {
        #expect(a.parameters.map(\.name) == b.parameters.map(\.name))
        #expect(a.parameters.map(\.isTrainable) == b.parameters.map(\.isTrainable))
        #expect(a.parameters.map(\.values.shape) == b.parameters.map(\.values.shape))
        #expect(a.parameters.map(\.values.bits) == b.parameters.map(\.values.bits))
    }

    /// The file's arrays and metadata, changed by `change` and written again.
    private func rewrite(_ change: (inout [String: String], inout [String: Tensor]) throws -> Void) throws {
        let file = try SafeTensors(contentsOf: path)
        var metadata = file.metadata
        var tensors = Dictionary(
            uniqueKeysWithValues: try file.entries.map { ($0.name, try file.tensor(named: $0.name)) }
        )
        try change(&metadata, &tensors)
        try SafeTensors.write(tensors, metadata: metadata, to: path)
    }

    @Test(
        "A loaded model predicts, judges and trains on with the bits of the saved one, at any number of workers"
    )
    func roundTrip() throws {
        let model = try SmallNetwork.trained()
        model.learningRate = 0.0123
        try model.save(to: path)
        let x = try SmallNetwork.images(), y = SmallNetwork.labels()
        let prediction = try model.predict(x).bits, figures = try model.evaluate(x, y)
        try SmallNetwork.train(model, epochs: 4, after: 2)
        for threads in [1, 2, 3] {
            let loaded = try Model.load(from: path, options: ComputeOptions(threads: threads))
            #expect(loaded is Sequential)
            #expect(loaded.name == "small")
            #expect(loaded.seed == 7)
            #expect(loaded.learningRate == 0.0123)
            #expect(loaded.stepCount == 8)
            #expect(loaded.graph.nodes.map(\.name) == model.graph.nodes.map(\.name))
            #expect(try loaded.predict(x).bits == prediction)
            #expect(try loaded.evaluate(x, y) == figures)
            try SmallNetwork.train(loaded, epochs: 4, after: 2)
            expectEqualParameters(loaded, model)
            #expect(loaded.stepCount == model.stepCount)
        }
    }

    static let optimizers: [any Optimizer] = [
        .sgd(learningRate: 0.01), .sgd(learningRate: 0.01, momentum: 0.9, nesterov: true),
        .adam(learningRate: 0.01, amsgrad: true, clipping: .globalNorm(1)), .adamW(learningRate: 0.01),
        .rmsprop(learningRate: 0.01, momentum: 0.5, centered: true),
    ]

    @Test(
        "Moving statistics, branches and every optimizer come back: training goes on with the same bits",
        arguments: 0..<5
    )
    func everyOptimizer(_ which: Int) throws {
        let input = Input(shape: [8, 8, 1])
        let x = Conv2D(filters: 4, kernelSize: 3, padding: .same, activation: .relu)(input)
        let y = BatchNormalization()(Conv2D(filters: 4, kernelSize: 3, padding: .same)(x))
        let pooled = GlobalAveragePooling2D()(Dropout(rate: 0.2)(Add()(x, y)))
        let model = try Model(inputs: input, outputs: Dense(units: 3, activation: .softmax)(pooled), seed: 11)
        try model.compile(
            optimizer: Self.optimizers[which],
            loss: .sparseCategoricalCrossentropy(),
            metrics: [.accuracy]
        )
        try SmallNetwork.train(model, epochs: 1)
        #expect(model.parameterCount - model.trainableParameterCount == 8)
        try model.save(to: path)
        let loaded = try Model.load(from: path, options: ComputeOptions(threads: 3))
        try loaded.save(to: folder.file("loaded"))
        #expect(
            try FileContents.read(folder.file("loaded"), limit: 1 << 20)
                == FileContents.read(path, limit: 1 << 20)
        )
        for model in [model, loaded] { try SmallNetwork.train(model, epochs: 3, after: 1) }
        expectEqualParameters(loaded, model)
        #expect(
            try loaded.predict(SmallNetwork.images()).bits
                == model.predictor().predict(SmallNetwork.images()).bits
        )
    }

    @Test(
        "ModelCheckpoint saves models, or their weights alone, that can be loaded",
        arguments: [false, true]
    )
    func checkpoint(weightsOnly: Bool) throws {
        let model = try SmallNetwork.trained()
        try model.fit(
            SmallNetwork.images(),
            SmallNetwork.labels(),
            batchSize: 16,
            epochs: 4,
            verbose: .silent,
            callbacks: [ModelCheckpoint(folder.file("{epoch}"), saveWeightsOnly: weightsOnly)],
            initialEpoch: 2
        )
        #expect(try folder.names == ["3", "4"])
        let loaded = weightsOnly ? try SmallNetwork.make() : try Model.load(from: folder.file("4"))
        if weightsOnly { try loaded.loadWeights(from: folder.file("4")) }
        expectEqualParameters(loaded, model)
        #expect(loaded.stepCount == (weightsOnly ? 0 : model.stepCount))
    }

    @Test("Saving twice, and saving what was loaded, gives the same bytes")
    func sameBytes() throws {
        let model = try SmallNetwork.trained()
        try model.save(to: path)
        try model.save(to: folder.file("again"))
        let loaded = try Model.load(from: path)
        try loaded.save(to: folder.file("loaded"))
        try SmallNetwork.trained(threads: 1).save(to: folder.file("trained again"))
        let content = try FileContents.read(path, limit: 1 << 20)
        for name in ["again", "loaded", "trained again"] {
            #expect(try FileContents.read(folder.file(name), limit: 1 << 20) == content, "\(name)")
        }
        try model.save(to: path)
        #expect(try FileContents.read(path, limit: 1 << 20) == content)
        #expect(try folder.names == ["again", "loaded", "model.safetensors", "trained again"])
    }

    @Test("The file has the names and metadata that are documented")
    func layout() throws {
        try SmallNetwork.trained().save(to: path)
        let file = try SafeTensors(contentsOf: path)
        let parameters = [
            "conv2d/bias", "conv2d/kernel", "dense/bias", "dense/kernel", "out/bias", "out/kernel",
        ]
        #expect(
            file.entries.map(\.name)
                == parameters.prefix(4)
                + ["momentum", "velocity"].flatMap { slot in parameters.map { "optimizer/\(slot)/\($0)" } }
                + parameters.suffix(2)
        )
        #expect(file["optimizer/velocity/conv2d/kernel"]?.shape == [3, 3, 1, 4])
        #expect(
            file.metadata.keys.sorted() == [
                "architecture", "class", "compilation", "format", "format_version", "library_version", "name",
                "optimizer_state", "seed",
            ]
        )
        #expect(file.metadata["format"] == "swiftconvnet.model")
        #expect(file.metadata["class"] == "Sequential")
        #expect(file.metadata["seed"] == "7")
        #expect(file.metadata["optimizer_state"] == #"{"batchesDone":8,"step":8}"#)
        let architecture = try #require(file.metadata["architecture"])
        #expect(
            architecture.hasPrefix(
                #"{"inputs":[0],"layers":[{"config":{"shape":[8,8,1]},"kind":"InputLayer","name":"input_layer"},{"config":{"activation":{"leakyReLU":{"negativeSlope":0.1}}"#
            ),
            "\(architecture)"
        )
    }

    @Test("Without its optimizer a model keeps how it was compiled, and begins at step 0")
    func withoutOptimizer() throws {
        let model = try SmallNetwork.trained()
        model.learningRate = 0.5
        try model.save(to: path, includeOptimizer: false)
        let file = try SafeTensors(contentsOf: path)
        #expect(!file.entries.contains { $0.name.hasPrefix("optimizer/") })
        #expect(file.metadata["optimizer_state"] == nil)
        let loaded = try Model.load(from: path)
        #expect(loaded.stepCount == 0)
        #expect(loaded.learningRate == 0.01)
        expectEqualParameters(loaded, model)
        #expect(
            try loaded.evaluate(SmallNetwork.images(), SmallNetwork.labels())
                == model.evaluate(SmallNetwork.images(), SmallNetwork.labels())
        )
    }

    @Test("A model that is not compiled is loaded as one")
    func notCompiled() throws {
        let model = try SmallNetwork.make()
        try model.save(to: path)
        let loaded = try Sequential.load(from: path)
        expectEqualParameters(loaded, model)
        #expect(loaded.learningRate == nil)
        let error = #expect(throws: ConvNetError.self) {
            try loaded.evaluate(SmallNetwork.images(), SmallNetwork.labels())
        }
        #expect(error?.kind == .state)
    }

    @Test("A functional model is loaded as one, and not as a Sequential")
    func functional() throws {
        let input = Input(shape: [8, 8, 1], name: "image")
        let hidden = Dense(units: 5, activation: .gelu())(Flatten()(input))
        let model = try Model(
            inputs: input,
            outputs: Dense(units: 3, activation: .softmax)(hidden),
            name: "two",
            seed: 9
        )
        try model.save(to: path)
        let loaded = try Model.load(from: path)
        #expect(!(loaded is Sequential))
        #expect(loaded.name == "two")
        #expect(try loaded.predict(SmallNetwork.images()).bits == model.predict(SmallNetwork.images()).bits)
        let error = #expect(throws: ConvNetError.self) { try Sequential.load(from: path) }
        #expect(error?.kind == .format)
        #expect(error?.expected == "Sequential")
    }

    @Test("A save that fails leaves the old file")
    func failedSave() throws {
        let model = try SmallNetwork.trained()
        try model.save(to: path)
        let content = try FileContents.read(path, limit: 1 << 20)
        _ = try folder.makeFolder("folder")
        for bad in [folder.file("folder"), folder.file("missing/model"), path + "/model", "/dev/full", ""] {
            let error = #expect(throws: ConvNetError.self) { try model.save(to: bad) }
            #expect(error?.kind == .file)
            #expect(error?.location == bad)
        }
        #expect(try FileContents.read(path, limit: 1 << 20) == content)
        #expect(try folder.names == ["folder", "model.safetensors"])
    }

    @Test("A disk that is full while a model is saved leaves the old file")
    func fullDisk() async throws {
        // A limit on the size of files stands in for the disk; it is the whole process's, so another process has it.
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let path = folder.file("model")
            let model = try SmallNetwork.trained()
            try model.save(to: path)
            let content = try FileContents.read(path, limit: 1 << 20)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: rlim_t(content.count - 1000), rlim_max: rlim_t(content.count - 1000))
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let error = #expect(throws: ConvNetError.self) { try model.save(to: path) }
            #expect(error?.kind == .file)
            #expect(try FileContents.read(path, limit: 1 << 20) == content)
            #expect(try folder.names == ["model"])
        }
    }

    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: String
        let change: @Sendable (inout [String: String], inout [String: Tensor]) throws -> Void

        init(
            _ description: String,
            says: String,
            _ change: @escaping @Sendable (inout [String: String], inout [String: Tensor]) throws -> Void
        ) {
            testDescription = description
            self.says = says
            self.change = change
        }

        /// A change of the words under one key of the metadata.
        init(_ description: String, in key: String, _ old: String, to new: String, says: String) {
            self.init(description, says: says) { metadata, _ in
                let text = try #require(metadata[key])
                try #require(text.contains(old), "\(text)")
                metadata[key] = text.replacing(old, with: new)
            }
        }

        init(_ description: String, _ key: String, _ value: String?, says: String) {
            self.init(description, says: says) { metadata, _ in metadata[key] = value }
        }
    }

    static let damages: [Damage] = [
        Damage("an array is missing", says: "\"dense/bias\"") { $1["dense/bias"] = nil },
        Damage("a slot is missing", says: "\"optimizer/velocity/out/kernel\"") {
            $1["optimizer/velocity/out/kernel"] = nil
        },
        Damage("all slots are missing", says: "\"optimizer/momentum/conv2d/kernel\"") { _, tensors in
            tensors = tensors.filter { !$0.key.hasPrefix("optimizer/") }
        },
        Damage("an array too many", says: "\"dense_1/kernel\"") { $1["dense_1/kernel"] = try Tensor([1]) },
        Damage("a slot too many", says: "\"optimizer/third/dense/bias\"") {
            $1["optimizer/third/dense/bias"] = try Tensor([1])
        },
        Damage("an array of another shape", says: "F32 [12]") { $1["dense/bias"] = try Tensor(zeros: [13]) },
        Damage("an array turned over", says: "\"out/kernel\"") {
            $1["out/kernel"] = try Tensor(zeros: [3, 12])
        },
        Damage("a slot of another shape", says: "\"optimizer/momentum/out/bias\"") {
            $1["optimizer/momentum/out/bias"] = try Tensor(zeros: [1])
        },
        Damage("slots without a state", "optimizer_state", nil, says: "\"optimizer/momentum/conv2d/bias\""),
        Damage("another format", "format", "pt", says: "loadWeights"),
        Damage("no format", "format", nil, says: "nothing"),
        Damage("another version", "format_version", "4", says: "format_version"),
        Damage("another class", "class", "Tree", says: "\"Tree\""),
        Damage("a seed below zero", "seed", "-1", says: "seed"),
        Damage("no seed", "seed", nil, says: "seed"),
        Damage("no name", "name", nil, says: "name"),
        Damage("no architecture", "architecture", nil, says: "architecture"),
        Damage("an empty architecture", "architecture", "", says: "architecture"),
        Damage("a list for an architecture", "architecture", "[]", says: "architecture"),
        Damage(
            "brackets without end",
            "architecture",
            String(repeating: "[", count: 200_000),
            says: "architecture"
        ),
        Damage(
            "no layers",
            in: "architecture",
            #""layers":["#,
            to: #""layers":[],"rest":["#,
            says: "\"input_layer\""
        ),
        Damage(
            "no nodes",
            in: "architecture",
            #""nodes":["#,
            to: #""nodes":[],"rest":["#,
            says: "not applied"
        ),
        Damage(
            "an unknown layer",
            in: "architecture",
            #""kind":"Flatten""#,
            to: #""kind":"Fold""#,
            says: "Unknown layer \"Fold\""
        ),
        Damage(
            "a layer without a name",
            in: "architecture",
            #""name":"flatten""#,
            to: #""title":"flatten""#,
            says: "layers[3]"
        ),
        Damage(
            "a name twice",
            in: "architecture",
            #""name":"flatten""#,
            to: #""name":"conv2d""#,
            says: "its own"
        ),
        Damage(
            "another name than the layer's own",
            in: "architecture",
            #""kind":"Dense","name":"out""#,
            to: #""kind":"Dense","name":"in""#,
            says: "its own"
        ),
        Damage(
            "a name that ends with a slash",
            in: "architecture",
            #""name":"flatten""#,
            to: #""name":"flatten/""#,
            says: "its own"
        ),
        Damage(
            "neither trainable nor not",
            in: "architecture",
            #""name":"flatten""#,
            to: #""name":"flatten","trainable":3"#,
            says: "trainable"
        ),
        Damage(
            "a node of a layer that there is not",
            in: "architecture",
            #""layer":"flatten""#,
            to: #""layer":"fold""#,
            says: "\"fold\""
        ),
        Damage(
            "a layer that reads a later one",
            in: "architecture",
            "[[3,0]]",
            to: "[[6,0]]",
            says: "come before"
        ),
        Damage(
            "a layer that reads itself",
            in: "architecture",
            "[[3,0]]",
            to: "[[4,0]]",
            says: "come before"
        ),
        Damage(
            "a layer that reads an output that there is not",
            in: "architecture",
            "[[3,0]]",
            to: "[[3,1]]",
            says: "come before"
        ),
        Damage(
            "a layer that reads nothing that there is",
            in: "architecture",
            "[[3,0]]",
            to: "[[-1,0]]",
            says: "come before"
        ),
        Damage(
            "half a source",
            in: "architecture",
            "[[3,0]]",
            to: "[[3]]",
            says: "which of its outputs"
        ),
        Damage(
            "a chain with a branch",
            in: "architecture",
            "[[3,0]]",
            to: "[[3,0],[3,0]]",
            says: "one input"
        ),
        Damage(
            "an output in the middle",
            in: "architecture",
            #""outputs":[[6,0]]"#,
            to: #""outputs":[[5,0]]"#,
            says: "ends with its output"
        ),
        Damage(
            "an unknown output",
            in: "architecture",
            #""outputs":[[6,0]]"#,
            to: #""outputs":[[9,0]]"#,
            says: "and outputs"
        ),
        Damage(
            "two outputs",
            in: "architecture",
            #""outputs":[[6,0]]"#,
            to: #""outputs":[[6,0],[5,0]]"#,
            says: "ends with its output"
        ),
        Damage(
            "a frozen layer that there is not",
            in: "compilation",
            #"{"loss":"#,
            to: #"{"frozen":["lost"],"loss":"#,
            says: "\"lost\""
        ),
        Damage(
            "an unknown activation",
            in: "architecture",
            "leakyReLU",
            to: "leakyTanh",
            says: "config.activation"
        ),
        Damage(
            "units as text",
            in: "architecture",
            #""units":12"#,
            to: #""units":"12""#,
            says: "config.units"
        ),
        Damage("units below zero", in: "architecture", #""units":12"#, to: #""units":-12"#, says: "dense"),
        Damage("no units", in: "architecture", #""units":12"#, to: #""unit":12"#, says: "units"),
        Damage(
            "more units than there are numbers",
            in: "architecture",
            #""units":12"#,
            to: #""units":4611686018427387904"#,
            says: "dense"
        ),
        Damage(
            "more units than the file holds",
            in: "architecture",
            #""units":12"#,
            to: #""units":1000000000000"#,
            says: "\"dense/kernel\""
        ),
        Damage(
            "a huge input",
            in: "architecture",
            #""shape":[8,8,1]"#,
            to: #""shape":[3037000500,3037000500,1]"#,
            says: "input_layer"
        ),
        Damage(
            "a negative input",
            in: "architecture",
            #""shape":[8,8,1]"#,
            to: #""shape":[-8,8,1]"#,
            says: "input_layer"
        ),
        Damage(
            "a rate that is no share",
            in: "architecture",
            #""rate":0.3"#,
            to: #""rate":1.5"#,
            says: "dropout"
        ),
        Damage(
            "an unknown loss",
            in: "compilation",
            "SparseCategoricalCrossentropy",
            to: "Envy",
            says: "Unknown loss \"Envy\""
        ),
        Damage(
            "an unknown optimizer",
            in: "compilation",
            #""Adam""#,
            to: #""Eve""#,
            says: "Unknown optimizer \"Eve\""
        ),
        Damage(
            "an unknown metric",
            in: "compilation",
            #""kind":"AutomaticAccuracy""#,
            to: #""kind":"Grace""#,
            says: "Unknown metric \"Grace\""
        ),
        Damage("a beta out of range", in: "compilation", #""beta1":0.9"#, to: #""beta1":9"#, says: "beta1"),
        Damage("a state without a compilation", "compilation", nil, says: "optimizer_state"),
        Damage("a step below zero", "optimizer_state", #"{"step":-1}"#, says: "optimizer_state"),
        Damage(
            "a step without end",
            "optimizer_state",
            #"{"step":9223372036854775807}"#,
            says: "optimizer_state"
        ),
        Damage("half a step", "optimizer_state", #"{"step":0.5}"#, says: "optimizer_state"),
        Damage(
            "a learning rate below zero",
            "optimizer_state",
            #"{"learningRate":-1,"step":1}"#,
            says: "optimizer_state"
        ),
        Damage(
            "a learning rate of infinity",
            "optimizer_state",
            #"{"learningRate":"inf","step":1}"#,
            says: "optimizer_state"
        ),
    ]

    @Test(
        "A file that holds another model than it says is an error with the file and the place",
        arguments: damages
    )
    func refuses(_ damage: Damage) throws {
        try SmallNetwork.trained().save(to: path)
        try rewrite(damage.change)
        let error = #expect(throws: ConvNetError.self) { try Model.load(from: path) }
        #expect(error?.location?.hasPrefix(path) == true, "\(error as Any)")
        #expect(error?.description.contains(damage.says) == true, "\(error as Any)")
    }

    @Test("A file that is cut anywhere is an error")
    func truncated() throws {
        try SmallNetwork.trained().save(to: path)
        let content = try FileContents.read(path, limit: 1 << 20)
        for count in stride(from: 0, to: content.count, by: 97) {
            try AtomicFile.write(Array(content[..<count]), to: path)
            let error = #expect(throws: ConvNetError.self) { try Model.load(from: path) }
            #expect(error?.kind == .format)
        }
    }

    @Test("Metadata with any byte changed is an error or another model, never a crash")
    func mutations() throws {
        try SmallNetwork.trained().save(to: path)
        let content = try FileContents.read(path, limit: 1 << 20)
        let dataStart = 8 + content[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let parsed = try JSONSerialization.jsonObject(with: Data(content[8..<dataStart]))
        let header = try #require(parsed as? [String: Any])
        let original = try #require(header["__metadata__"] as? [String: String])
        var random = RandomStream(seed: 5, purpose: .shuffle)
        let interesting = Array("0123456789-.eE\"[]{},:nulltrue".utf8)
        var loaded = 0
        for _ in 0..<1000 {
            var metadata = original
            let key = ["architecture", "compilation", "optimizer_state"][random.integer(below: 3)]
            var text = Array(try #require(metadata[key]).utf8)
            for _ in 0...random.integer(below: 2) {
                let place = random.integer(below: text.count)
                let byte = interesting[random.integer(below: interesting.count)]
                switch random.integer(below: 3) {
                case 0: text[place] = byte
                case 1: text.insert(byte, at: place)
                default: text.remove(at: place)
                }
            }
            metadata[key] = String(decoding: text, as: UTF8.self)
            var changed = header
            changed["__metadata__"] = metadata
            let bytes = Array(try JSONSerialization.data(withJSONObject: changed))
            let size = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) }
            let file = try SafeTensors(bytes: size + bytes + content[dataStart...])
            do {
                _ = try Model.load(file)
                loaded += 1
            } catch {
                #expect(error is ConvNetError)
            }
        }
        #expect((1..<1000).contains(loaded))
    }

    @Test("Python opens the file of a model", .enabled(if: Python.path != nil))
    func python() throws {
        let model = try SmallNetwork.trained()
        try model.save(to: path)
        let output = try Python.run(
            """
            import sys, json
            from safetensors import safe_open
            with safe_open(sys.argv[1], 'np') as f:
                m = f.metadata()
                print([n['name'] for n in json.loads(m['architecture'])['nodes']])
                print(json.loads(m['compilation'])['optimizer']['kind'])
                k = f.get_tensor('out/kernel')
                print(k.shape, [x.view('uint32').item() for x in k.ravel()])
            """,
            path
        )
        let bits = try model.parameter(named: "out/kernel").bits
        #expect(
            output == """
                ['input_layer', 'conv2d', 'max_pooling2d', 'flatten', 'dense', 'dropout', 'out']
                Adam
                (12, 3) \(bits)

                """
        )
    }
}
