import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// Hands its input on; a value of exactly 7 becomes NaN, forwards or on the way back.
private struct Poison: SampleLayer {
    enum Direction: String, Codable { case forward, backward }

    static let kind = "Poison"
    var direction: Direction

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func forward(_ sample: SampleContext) {
        for place in sample.output.indices {
            let value = sample.input(0)[place]
            sample.output[place] = value == 7 && direction == .forward ? .nan : value
        }
    }
    func backward(_ sample: SampleContext) {
        for place in sample.output.indices {
            let isPoisoned = sample.input(0)[place] == 7 && direction == .backward
            sample.inputGradient(0)[place] = isPoisoned ? .infinity : sample.outputGradient[place]
        }
    }
}

@Suite("Numbers that are not finite")
struct NonFiniteTests {
    /// Twelve samples of 4×4 pixels with labels; sample `poisoned` holds a 7.
    private static func data(poisoned: Int? = 6) throws -> ArrayDataset {
        let values = try TestValues.uniform([12, 4, 4, 1], seed: 3)
        let x = try Tensor(shape: values.shape) { place in
            place[0] == poisoned && place[1] == 2 ? 7 : values[place[0], place[1], place[2], place[3]]
        }
        return try ArrayDataset(x, Labels((0..<12).map { Int32($0 % 3) }))
    }

    private static func model(_ direction: Poison.Direction, threads: Int = 2, dropout: Float = 0.4) throws
        -> Sequential
    {
        let model = try Sequential(
            inputShape: [4, 4, 1],
            seed: 5,
            options: ComputeOptions(threads: threads)
        ) {
            Rescaling(scale: 1)
            Poison(direction: direction)
            Conv2D(filters: 3, kernelSize: 3)
            BatchNormalization()
            ReLU()
            Flatten()
            Dropout(rate: dropout)
            Dense(units: 3, activation: .softmax)
        }
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        return model
    }

    private static func weights(_ model: Model) throws -> [String: [UInt32]] {
        try TestValues.parameters(of: model).mapValues(\.bits)
    }

    /// A model after the first batch of four alone.
    private static func afterOneStep(_ direction: Poison.Direction) throws -> Sequential {
        let model = try model(direction)
        try model.fit(
            Subset(data(), 0..<4),
            batchSize: 4,
            verbose: .silent,
            shuffle: false
        )
        return model
    }

    @Test(
        "stop: the first layer, batch and sample are named, and the model is that of the last good step",
        arguments: [1, 2, 5]
    )
    func stop(threads: Int) throws {
        let model = try Self.model(.forward, threads: threads)
        let error = try #require(throws: ConvNetError.self) {
            try model.fit(Self.data(), batchSize: 4, epochs: 2, verbose: .silent, shuffle: false)
        }
        #expect(error.kind == .numeric)
        #expect(error.summary == "The output is not finite")
        #expect(error.location == "poison, epoch 1, batch 2, step 1, samples 6 of the batch's 4")
        #expect(error.received?.hasPrefix("4 NaN and 0 infinite of 64") == true)
        #expect(model.stepCount == 1)
        // Moving statistics and all.
        #expect(try Self.weights(model) == Self.weights(Self.afterOneStep(.forward)))
    }

    @Test("A gradient that is not finite, with a loss that is")
    func gradient() throws {
        let data = try ArrayDataset(
            try Tensor(shape: [4, 4, 4, 1]) { $0[0] == 1 ? 7 : 0.5 },
            Labels([0, 1, 2, 0])
        )
        let model = try Sequential(inputShape: [4, 4, 1], seed: 1) {
            Conv2D(filters: 1, kernelSize: 1, kernelInitializer: .ones)
            Poison(direction: .backward)
            Flatten()
            Dense(units: 3, activation: .softmax)
        }
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        let before = try Self.weights(model)
        let error = try #require(throws: ConvNetError.self) {
            try model.fit(data, batchSize: 4, verbose: .silent, shuffle: false)
        }
        #expect(error.summary == "The gradient of the output is not finite")
        #expect(error.location == "conv2d, epoch 1, batch 1, step 0, samples 1 of the batch's 4")
        #expect(error.received?.hasPrefix("0 NaN and 16 infinite of 64") == true)
        #expect(try Self.weights(model) == before)
    }

    @Test("A parameter that is not finite is found before what it makes")
    func parameter() throws {
        let model = try Self.model(.forward)
        try model.setParameters(["dense/bias": Tensor([0, .infinity, 0])])
        let error = try #require(throws: ConvNetError.self) {
            try model.fit(Self.data(poisoned: nil), batchSize: 4, verbose: .silent)
        }
        #expect(error.summary == "The parameter bias is not finite")
        #expect(error.location?.hasPrefix("dense (Linear), epoch 1") == true)
    }

    @Test("skipBatch: no update, moving statistics as before, figures without it, counted")
    func skip() throws {
        // The reference sees all samples but those of the batch that is left out. Dropout would draw other numbers, for a batch
        // that is left out counts.
        let reference = try Self.model(.forward, dropout: 0)
        let rest = try Subset(Self.data(), Array(0..<4) + Array(8..<12))
        let expected = try reference.fit(rest, batchSize: 4, verbose: .silent, shuffle: false)
        var records: [BatchRecord] = []
        let model = try Self.model(.forward, dropout: 0)
        let history = try model.fit(
            Self.data(),
            batchSize: 4,
            verbose: .silent,
            callbacks: [LambdaCallback(onBatchEnd: { batch, _ in records.append(batch) }), TerminateOnNaN()],
            shuffle: false,
            nonFinite: .skipBatch
        )
        #expect(try Self.weights(model) == Self.weights(reference))
        #expect(history.epochs.map(\.values) == expected.epochs.map(\.values))
        #expect(history.epochs.map(\.skippedBatches) == [1])
        #expect(expected.epochs.map(\.skippedBatches) == [0])
        #expect(records.map(\.isSkipped) == [false, true, false])
        #expect(model.stepCount == 2)
    }

    @Test("skipBatch: an epoch of which nothing is left is an error")
    func skipAll() throws {
        let model = try Self.model(.forward)
        let bad = try Subset(Self.data(), [6, 6, 6])
        let error = #expect(throws: ConvNetError.self) {
            try model.fit(bad, batchSize: 2, epochs: 3, verbose: .silent, nonFinite: .skipBatch)
        }
        #expect(error?.kind == .numeric && error?.location == "epoch 1")
        #expect(model.stepCount == 0)
    }

    @Test("ignore: the update is done, as Keras does it")
    func ignore() throws {
        let model = try Self.model(.forward)
        let history = try model.fit(
            Self.data(),
            batchSize: 4,
            verbose: .silent,
            shuffle: false,
            nonFinite: .ignore
        )
        #expect(history.epochs[0].values.loss?.isNaN == true)
        #expect(model.stepCount == 3)
        #expect(try model.parameter(named: "dense/bias").elements.contains { $0.isNaN })
    }

    @Test("Looking at the numbers changes none of them")
    func sameBits() throws {
        let models = try [NonFinitePolicy.stop(), .skipBatch, .ignore].map { policy in
            let model = try Self.model(.forward)
            try model.fit(
                Self.data(poisoned: nil),
                batchSize: 5,
                epochs: 2,
                verbose: .silent,
                nonFinite: policy
            )
            return try Self.weights(model)
        }
        #expect(models[0] == models[2] && models[1] == models[2])
    }

    @Test("The case is saved, and replayed to the same ranges at any number of workers")
    func replay() throws {
        let folder = try TemporaryFolder()
        let model = try Self.model(.forward)
        let error = try #require(throws: ConvNetError.self) {
            try model.fit(
                Self.data(),
                batchSize: 4,
                verbose: .silent,
                shuffle: false,
                classWeight: [1: 2],
                nonFinite: .stop(savingCaseIn: folder.file("not/there/yet"))
            )
        }
        let path = folder.file("not/there/yet/nonfinite-epoch1-batch2.safetensors")
        #expect(error.description.contains(path))
        let types = CustomTypes(layers: [Poison.self])
        let found = try NonFiniteCase(contentsOf: path, customTypes: types)
        #expect(found.indices == [4, 5, 6, 7])
        #expect(found.epoch == 1 && found.batch == 2 && found.model.stepCount == 1)
        #expect(found.weights == [2, 1, 1, 2])
        #expect(try Self.weights(found.model) == Self.weights(model))
        let replays = try [1, 2, 3].map {
            try NonFiniteCase(contentsOf: path, threads: $0, customTypes: types).replay()
        }
        #expect(replays[0].firstNonFinite?.layer == "poison" && replays[0].firstNonFinite?.value == .output)
        #expect(replays.allSatisfy { "\($0)" == "\(replays[0])" })
        #expect(replays[0].firstNonFinite?.samples == [2])
        // From there normalisation has carried it into every sample.
        #expect(replays[0].losses.allSatisfy { $0.isNaN })
        // The replay moved no statistics, and the file is no model that someone trains on by mistake.
        #expect(try Self.weights(found.model) == Self.weights(model))
        #expect(throws: ConvNetError.self) { try Model.load(from: path, customTypes: types) }
        #expect("\(replays[0])".contains("gradient of kernel"))
    }

    @Test("A folder that cannot be written does not hide what happened")
    func unwritable() throws {
        let model = try Self.model(.forward)
        let error = #expect(throws: ConvNetError.self) {
            try model.fit(
                Self.data(),
                batchSize: 4,
                verbose: .silent,
                shuffle: false,
                nonFinite: .stop(savingCaseIn: "/dev/null/none")
            )
        }
        #expect(error?.kind == .numeric)
        #expect(error?.description.contains("could not be saved") == true)
    }

    @Test("Damaged cases are refused")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let model = try Self.model(.forward)
        _ = try? model.fit(
            Self.data(),
            batchSize: 4,
            verbose: .silent,
            shuffle: false,
            nonFinite: .stop(savingCaseIn: folder.path)
        )
        let path = folder.file("nonfinite-epoch1-batch2.safetensors")
        let types = CustomTypes(layers: [Poison.self])
        let file = try SafeTensors(contentsOf: path)
        let tensors = try Dictionary(
            uniqueKeysWithValues: file.entries.map { ($0.name, try file.tensor(named: $0.name)) }
        )
        func check(_ change: (inout [String: Tensor], inout [String: String]) throws -> Void) throws {
            var tensors = tensors, metadata = file.metadata
            try change(&tensors, &metadata)
            try SafeTensors.write(tensors, metadata: metadata, to: folder.file("damaged"))
            let error = #expect(throws: ConvNetError.self) {
                try NonFiniteCase(contentsOf: folder.file("damaged"), customTypes: types)
            }
            #expect(error?.location?.contains("damaged") == true, "\(String(describing: error))")
        }
        try check { _, metadata in metadata["format"] = "swiftconvnet.model" }
        try check { _, metadata in metadata["case"] = nil }
        try check { _, metadata in
            metadata["case"] = metadata["case"]?.replacing("\"step\":1", with: "\"step\":-1")
        }
        try check { _, metadata in metadata["compilation"] = nil }
        try check { tensors, _ in tensors["case/samples"] = nil }
        try check { tensors, _ in tensors["case/weights"] = try Tensor(zeros: [9]) }
        try check { tensors, _ in tensors["case/samples"] = try Tensor(zeros: [4, 4]) }
        try check { tensors, _ in tensors["conv2d/kernel"] = nil }
    }
}

@Suite("Replay")
struct ReplayTests {
    @Test("Alone, stages give the bits that they give together: figures of the replay are those of the step")
    func sameBitsAsTraining() throws {
        let x = try TestValues.uniform([37, 12, 12, 3], seed: 1)
        let data = try ArrayDataset(x, Labels((0..<37).map { Int32($0 % 5) }))
        let model = try Sequential(inputShape: [12, 12, 3], seed: 2) {
            Conv2D(filters: 8, kernelSize: 3, padding: .same)
            BatchNormalization()
            ReLU()
            Conv2D(filters: 8, kernelSize: 3, activation: .relu)
            MaxPooling2D(poolSize: 2)
            Flatten()
            Dropout(rate: 0.3)
            Dense(units: 5, activation: .softmax)
        }
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        let copy = try NonFiniteCase(
            model,
            Array(0..<37),
            of: data,
            weights: SampleWeights(),
            epoch: 1,
            batch: 1
        )
        let replay = try copy.replay()
        let gradients = try model.gradients(x, data.labels ?? [])
        #expect(replay.losses.reduce(0) { $0 + Double($1) } / 37 == gradients.loss)
        var compared = 0
        for row in replay.rows {
            guard case .parameterGradient(let name) = row.value else { continue }
            let layer = row.layer.split(separator: " ")[0]
            let tensor = try #require(gradients.parameters["\(layer)/\(name)"])
            #expect(row.range == ValueRange(tensor.elements))
            compared += 1
        }
        #expect(compared == 8)
        #expect(replay.firstNonFinite == nil)
        // Each value once, and what each is can be told from its name.
        #expect(Set(replay.rows.map { "\($0.layer) \($0.value)" }).count == replay.rows.count)
        #expect(replay.rows.map(\.layer).contains("batch_normalization + re_lu"))
    }

    @Test("The range of values")
    func range() {
        let range = ValueRange([1, .nan, -.infinity, -2, .infinity, 3])
        #expect(range.minimum == -2 && range.maximum == 3)
        #expect(range.nanCount == 1 && range.infinityCount == 2)
        #expect("\(range)" == "1 NaN and 2 infinite of 6, the others in -2.0...3.0")
        #expect(ValueRange([.nan]).minimum.isNaN && ValueRange([]).isFinite)
    }
}
