import SwiftConvNet
import TestSupport
import Testing

/// Datasets whose samples are read before they are needed.
@Suite("reading ahead")
struct ReadAheadTests {
    /// All that training, evaluation and predictions have made.
    private struct Outcome: Equatable {
        var weights: [Float]
        var losses: [Double]
        var evaluation: Double?
        var predictions: [Float]
    }

    private func outcome(_ data: ChangingDataset, threads: Int, epochs: Int = 3) throws -> Outcome {
        let model = try InterruptedRun.model(threads: threads)
        let history = try model.fit(
            data,
            batchSize: 8,
            epochs: epochs,
            verbose: .silent,
            validationData: ChangingDataset(count: 20, readsAhead: data.readsAhead)
        )
        return Outcome(
            weights: try model.value("dense/kernel").elements,
            losses: history.epochs.compactMap(\.values.loss),
            evaluation: try model.evaluate(data, batchSize: 8, verbose: .silent).loss,
            predictions: try model.predict(data, batchSize: 8).elements
        )
    }

    @Test("the same bits, read ahead by 0, 1 and 3 batches, with 1 to 4 workers")
    func sameBits() throws {
        let expected = try outcome(ChangingDataset(), threads: 1)
        for readsAhead in [0, 1, 3] {
            for threads in 1...4 {
                let seen = try outcome(ChangingDataset(readsAhead: readsAhead), threads: threads)
                #expect(seen == expected, "\(readsAhead) batches ahead, \(threads) threads")
            }
        }
        // Samples are others in each epoch, and others in training than outside of it.
        #expect(Set(expected.losses).count == 3)
        let values = try [Reading.plain, Reading(seed: 1, epoch: 1, isTraining: true)].map { reading in
            try Tensor(shape: [64]) { try ChangingDataset().readValues(0, of: 5, in: reading, into: $0) }
        }
        #expect(values[0] != values[1])
    }

    @Test("pictures that are changed at random and mixed have the same bits, read ahead or not")
    func sameBitsOfChanges() throws {
        func weights(readsAhead: Int, threads: Int) throws -> [Float] {
            let changed = try Augmented(ChangingDataset(readsAhead: readsAhead)) {
                RandomFlip(.horizontal)
                RandomRotation(factor: 0.1)
            }
            let data = try CutMix(MixUp(changed, classes: 3))
            let model = try InterruptedRun.model(threads: threads)
            try model.compile(optimizer: .sgd(), loss: .categoricalCrossentropy())
            try model.fit(data, batchSize: 8, epochs: 2, verbose: .silent)
            return try model.value("dense/kernel").elements
        }
        let expected = try weights(readsAhead: 0, threads: 1)
        for threads in [1, 2, 3, 5] {
            #expect(try weights(readsAhead: 2, threads: threads) == expected, "\(threads) threads")
        }
    }

    @Test("no further than the batches asked for, and nobody reads once fit has returned")
    func window() throws {
        let data = ChangingDataset(count: 80, readsAhead: 2), model = try InterruptedRun.model(threads: 2)
        let watch = LambdaCallback(onBatchEnd: { batch, _ in
            let farthest = data.notes.withLock { $0.farthest }
            // The batch at hand is that which has ended, until the next one is taken.
            #expect(farthest < (batch.batch + 2) * 8)
            #expect(farthest >= batch.samplesSeen - 1)
        })
        try model.fit(data, batchSize: 8, verbose: .silent, callbacks: [watch], shuffle: false)
        let notes = data.notes.withLock { $0 }
        #expect(notes.readers == 0)
        #expect(notes.reads == 80)
    }

    @Test("a sample that cannot be read is named, and no thread is left")
    func broken() throws {
        var data = ChangingDataset(readsAhead: 2)
        data.broken = 21
        let model = try InterruptedRun.model(threads: 2)
        let error = #expect(throws: ConvNetError.self) {
            try model.fit(data, batchSize: 8, verbose: .silent, shuffle: false)
        }
        #expect(error?.description.contains("sample 21") == true, "\(error?.description ?? "")")
        #expect(data.notes.withLock { $0.readers } == 0)
        #expect(throws: ConvNetError.self) { try model.predict(data, batchSize: 8) }
        #expect(data.notes.withLock { $0.readers } == 0)
        // The model still works.
        data.broken = nil
        try model.fit(data, batchSize: 8, verbose: .silent)
    }

    @Test("a callback that throws ends the reading, too")
    func interrupted() throws {
        let data = ChangingDataset(readsAhead: 2), model = try InterruptedRun.model(threads: 2)
        let crash = LambdaCallback(onBatchEnd: { batch, _ in
            if batch.batch == 2 { throw InterruptedRun.Crash() }
        })
        #expect(throws: InterruptedRun.Crash.self) {
            try model.fit(data, batchSize: 8, verbose: .silent, callbacks: [crash])
        }
        #expect(data.notes.withLock { $0.readers } == 0)
    }

    @Test("a dataset may ask a predictor while it is read ahead")
    func predictor() throws {
        var data = ChangingDataset(readsAhead: 2)
        data.predictor = try InterruptedRun.model(threads: 2).predictor()
        try InterruptedRun.model(threads: 2).fit(data, batchSize: 8, verbose: .silent)
        #expect(data.notes.withLock { $0.reads } == data.count)
    }

    @Test("a run that goes on in the middle of an epoch ends in the same bits", arguments: [0, 2])
    func resumed(readsAhead: Int) throws {
        let data = ChangingDataset(readsAhead: readsAhead)
        func fit(_ folder: TemporaryFolder, crashAfter steps: Int?, resume: Bool = false) throws -> [Float] {
            let model = try InterruptedRun.model(threads: 2)
            var step = 0
            let crash = LambdaCallback(onBatchEnd: { _, _ in
                step += 1
                if step == steps { throw InterruptedRun.Crash() }
            })
            try model.fit(
                data,
                batchSize: 8,
                epochs: 3,
                verbose: .silent,
                callbacks: [crash],
                checkpoint: .every(steps: 3),
                at: folder.file("checkpoints"),
                resume: resume
            )
            return try model.value("dense/kernel").elements
        }
        let whole = try fit(TemporaryFolder(), crashAfter: nil)
        let folder = try TemporaryFolder()
        #expect(throws: InterruptedRun.Crash.self) { try fit(folder, crashAfter: 11) }
        #expect(try fit(folder, crashAfter: nil, resume: true) == whole)
    }

    @Test("a checkpoint goes on only with the data that it began with")
    func identity() throws {
        let folder = try TemporaryFolder()
        func fit(_ data: ChangingDataset, epochs: Int, shuffle: Shuffle = true, resume: Bool) throws {
            try InterruptedRun.model(threads: 2).fit(
                data,
                batchSize: 8,
                epochs: epochs,
                verbose: .silent,
                shuffle: shuffle,
                checkpoint: .every(steps: 3),
                at: folder.file("checkpoints"),
                resume: resume
            )
        }
        var data = ChangingDataset()
        try fit(data, epochs: 1, resume: false)
        data.identity = "changing otherwise"
        for (data, shuffle) in [(data, Shuffle.all), (ChangingDataset(), .windows(of: 16))] {
            let error = #expect(throws: ConvNetError.self) {
                try fit(data, epochs: 2, shuffle: shuffle, resume: true)
            }
            #expect(error?.kind == .state)
        }
        // How far it is read ahead does not matter.
        try fit(ChangingDataset(readsAhead: 2), epochs: 2, resume: true)
    }

    @Test("a subset is known by its samples, bytes by their scale")
    func identityOfParts() throws {
        let data = ChangingDataset()
        #expect(try Subset(data, 3..<9).identity == "changing")
        #expect(try Subset(data, [1, 2, 4]).identity != Subset(data, [1, 2, 5]).identity)
        let bytes = try ByteTensor([0, 1], shape: [2, 1]),
            halved = try ByteTensor([0, 1], shape: [2, 1], scale: 0.5)
        #expect(try ArrayDataset(.bytes(bytes), nil).identity == nil)
        #expect(try ArrayDataset(.bytes(halved), nil).identity == "bytes * 0.5 + 0.0")
    }

    @Test("what a dataset leaves out has the same value, read ahead or not")
    func leftOut() throws {
        struct Unweighted: Dataset {
            var base: ChangingDataset
            var count: Int { base.count }
            var fields: [Field] { base.fields + [Field("weight", .weight, shape: [])] }
            var readsAhead: Int { base.readsAhead }
            func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
                try base.read(index, in: reading, into: sample)
            }
        }
        func loss(_ readsAhead: Int) throws -> Double? {
            let model = try InterruptedRun.model(threads: 2)
            let data = Unweighted(base: ChangingDataset(readsAhead: readsAhead))
            let history = try model.fit(data, batchSize: 8, verbose: .silent)
            return history.epochs[0].values.loss
        }
        #expect(try loss(0) == loss(2))
    }

    @Test("no number of batches is too large to be read ahead")
    func readsAllAhead() throws {
        let data = ChangingDataset(readsAhead: .max)
        try InterruptedRun.model(threads: 2).fit(data, batchSize: 8, verbose: .silent)
        #expect(data.notes.withLock { $0.reads } == data.count)
    }

    @Test("fit keeps the names of classes with a model that has none")
    func classNames() throws {
        let model = try InterruptedRun.model(threads: 2), data = try Subset(ChangingDataset(), 0..<10)
        try model.fit(data, verbose: .silent)
        #expect(model.classNames == ["none", "one", "two"])
        model.classNames = ["a", "b", "c"]
        try model.fit(data, verbose: .silent)
        #expect(model.classNames == ["a", "b", "c"])
    }

    @Test("a case that is kept has the samples as the step has read them")
    func replayed() throws {
        let model = try InterruptedRun.model(threads: 1), data = ChangingDataset()
        let kept = try NonFiniteCase(
            model,
            [7, 3],
            of: data,
            weights: SampleWeights(),
            epoch: 4,
            batch: 1
        )
        guard case .values(let samples) = kept.data.content(of: model.inputNames[0], .input) else {
            Issue.record("no samples")
            return
        }
        let reading = Reading(seed: model.seed, epoch: 4, isTraining: true)
        let expected = try Tensor(shape: [64]) { try data.readValues(0, of: 7, in: reading, into: $0) }
        #expect(Array(samples.elements.prefix(64)) == expected.elements)
    }

    @Test("a step on data that are changed, mixed and read ahead is replayed to its own figures")
    func replayedChanges() throws {
        let changed = try Augmented(ChangingDataset(readsAhead: 2)) {
            RandomFlip(.horizontal)
            RandomRotation(factor: 0.1)
        }
        let data = try CutMix(MixUp(changed, classes: 3)), indices = [7, 3, 21, 44]
        let model = try InterruptedRun.model(threads: 2)
        try model.compile(optimizer: .sgd(), loss: .categoricalCrossentropy())
        let kept = try NonFiniteCase(
            model,
            indices,
            of: data,
            weights: SampleWeights(),
            epoch: 4,
            batch: 1
        )
        let replay = try kept.replay()
        let reading = Reading(seed: model.seed, epoch: 4, isTraining: true)
        func batch(_ field: Int) throws -> Tensor {
            let shape = data.fields[field].shape
            let samples = try indices.map { index in
                try Tensor(shape: shape) { try data.readValues(field, of: index, in: reading, into: $0) }
            }
            return try Tensor(samples.flatMap(\.elements), shape: Shape([indices.count] + shape.dimensions))
        }
        let gradients = try model.gradients(batch(0), batch(1))
        #expect(replay.losses.reduce(0) { $0 + Double($1) } / Double(indices.count) == gradients.loss)
        let kernel = try #require(gradients.parameters["dense/kernel"])
        let range = replay.rows.first {
            $0.layer.hasPrefix("dense") && $0.value == .parameterGradient("kernel")
        }
        #expect(range?.range == ValueRange(kernel.elements))
    }
}

/// The order of samples.
@Suite("shuffling")
struct ShuffleTests {
    @Test(
        "windows follow one another whole, each in an order of its own",
        arguments: [1, 7, 10, 50, 64, .max]
    )
    func windows(size: Int) throws {
        let order = try Shuffle.windows(of: size).order(of: 50, seed: 4, pass: 2)
        #expect(order.sorted() == Array(0..<50))
        var rest = order[...]
        while let first = rest.first {
            let window = first / size
            let length = window == 49 / size ? 50 - window * size : size
            #expect(rest.prefix(length).allSatisfy { $0 / size == window })
            rest = rest.dropFirst(length)
        }
        #expect(try order == Shuffle.windows(of: size).order(of: 50, seed: 4, pass: 2))
        #expect(try order != Shuffle.windows(of: size).order(of: 50, seed: 4, pass: 3))
        #expect(try order != Shuffle.windows(of: size).order(of: 50, seed: 5, pass: 2))
    }

    @Test("windows without samples are an error")
    func noWindow() throws {
        let model = try InterruptedRun.model(threads: 1)
        #expect(throws: ConvNetError.self) {
            try model.fit(ChangingDataset(), verbose: .silent, shuffle: .windows(of: 0))
        }
    }

    @Test("random numbers of a reading depend on all that it names")
    func randomNumbers() {
        let reading = Reading(seed: 1, epoch: 2, isTraining: true)
        let streams = [
            reading.random(3), reading.random(4), reading.random(3, transform: 1), reading.inner.random(3),
            reading.inner.inner.random(3), Reading(seed: 1, epoch: 3, isTraining: true).random(3),
            Reading(seed: 2, epoch: 2, isTraining: true).random(3),
        ]
        #expect(Set(streams).count == streams.count)
        #expect(reading.random(3) == Reading(seed: 1, epoch: 2, isTraining: true).random(3))
    }
}
