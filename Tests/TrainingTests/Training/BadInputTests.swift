import SwiftConvNet
import Testing

@Suite("Bad input is refused, and nothing is lost")
struct BadInputTests {
    private let x: Tensor
    private let y: Labels = [0, 1, 2, 0, 1, 2, 0, 1]
    private let model: Sequential
    private let weights: [Tensor]

    init() throws {
        x = try Tensor(shape: [8, 4, 4, 1]) { Float($0[0] + $0[1] * $0[2]) / 10 }
        let model = try Sequential(inputShape: [4, 4, 1], options: ComputeOptions(threads: 2)) {
            Conv2D(filters: 2, kernelSize: 3, activation: .relu)
            Flatten()
            Dense(units: 3, activation: .softmax)
        }
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        self.model = model
        weights = try model.store.entries.map { try model.value($0.name) }
    }

    /// The error of a call that must throw, and must leave the weights alone.
    private func refused(_ kind: ConvNetError.Kind, _ call: () throws -> Void) throws -> String {
        let error = try #require(#expect(throws: ConvNetError.self) { try call() })
        #expect(error.kind == kind)
        #expect(try model.store.entries.map { try model.value($0.name) } == weights)
        #expect(model.stepCount == 0)
        return error.description
    }

    @Test("wrong shapes")
    func shapes() throws {
        let wrong = try refused(.shape) { try model.fit(Tensor(zeros: [8, 5, 4, 1]), y, verbose: .silent) }
        #expect(wrong.contains("[4, 4, 1]") && wrong.contains("[5, 4, 1]"))
        _ = try refused(.shape) { _ = try model.predict(Tensor(zeros: [2, 4, 4, 3])) }
        _ = try refused(.shape) { _ = try model.evaluate(Tensor(zeros: [8, 4, 1]), y) }
        _ = try refused(.data) { try model.fit(x, [0, 1] as Labels, verbose: .silent) }
        let validation = try ArrayDataset(Tensor(zeros: [2, 3, 3, 1]), [0, 1] as Labels)
        let text = try refused(.shape) { try model.fit(x, y, verbose: .silent, validationData: validation) }
        #expect(text.contains("validationData"))
    }

    @Test("labels out of range, and targets of the wrong kind")
    func labels() throws {
        for odd: Int32 in [3, -1] {
            let text = try refused(.data) {
                try model.fit(x, Labels([0, 1, 2, 0, 1, odd, 0, 1]), verbose: .silent, shuffle: false)
            }
            #expect(text.contains("sample 5") && text.contains("0..<3"))
            #expect(text.contains("the loss compares 3 of them"))
        }
        let yesNo = try Sequential(
            inputShape: [4, 4, 1],
            layers: [Flatten(), Dense(units: 1, activation: .sigmoid)]
        )
        try yesNo.compile(optimizer: .sgd(), loss: .binaryCrossentropy())
        let error = #expect(throws: ConvNetError.self) { try yesNo.fit(x, y, verbose: .silent) }
        #expect(error?.description.contains("model's output") == false)
        #expect(error?.expected == "a class in 0..<2")
        #expect(error?.remedy == "Classes are counted from 0, and the loss compares 2 of them")
        let text = try refused(.data) { try model.fit(x, y.oneHot(classCount: 3), verbose: .silent) }
        #expect(text.contains("categoricalCrossentropy"))
    }

    @Test(
        "a bad label in the last batch is found before the first step; that of validation data says whose it is"
    )
    func lastLabel() throws {
        var epochs = 0
        let counter = LambdaCallback(onTrainBegin: { _, _ in epochs += 1 })
        func fit(_ y: Labels, validationData: ArrayDataset? = nil, split: Double = 0) throws -> String {
            try refused(.data) {
                try model.fit(
                    x,
                    y,
                    batchSize: 2,
                    verbose: .silent,
                    callbacks: [counter],
                    validationSplit: split,
                    validationData: validationData,
                    shuffle: false
                )
            }
        }
        let bad: Labels = [0, 1, 2, 0, 1, 2, 0, 3]
        #expect(try fit(bad).contains("(sample 7)"))
        #expect(try fit(bad, split: 0.25).contains("(validationSplit, sample 7)"))
        let validation = try ArrayDataset(x, [0, 1, 2, 0, 3, 2, 0, 4] as Labels)
        #expect(try fit(y, validationData: validation).contains("(validationData, sample 4)"))
        #expect(
            try fit(y, validationData: ArrayDataset(x, Labels([0, 1, -1, 0, 1, 2, 0, 1])))
                .contains("(validationData, sample 2)")
        )
        #expect(epochs == 0)
    }

    @Test("target values that cannot be are found before the first step as well")
    func lastTarget() throws {
        let regression = try Sequential(inputShape: [4, 4, 1], layers: [Flatten(), Dense(units: 1)])
        try regression.compile(loss: .mse())
        var targets = try Tensor(zeros: [8, 1])
        targets[7, 0] = .nan
        let error = #expect(throws: ConvNetError.self) {
            try regression.fit(x, targets, batchSize: 2, verbose: .silent, shuffle: false)
        }
        #expect(error?.location == "sample 7")
        #expect(regression.stepCount == 0)
        let map = try Sequential(inputShape: [4, 4, 1], layers: [Conv2D(filters: 3, kernelSize: 1)])
        try map.compile(loss: .sparseCategoricalCrossentropy(fromLogits: true))
        var classes = try Tensor(zeros: [8, 4, 4])
        classes[6, 3, 3] = 3
        let other = #expect(throws: ConvNetError.self) {
            try map.fit(
                x,
                Tensor(zeros: [8, 4, 4]),
                verbose: .silent,
                validationData: ArrayDataset(x, classes)
            )
        }
        #expect(other?.location == "validationData, sample 6")
        #expect(map.stepCount == 0)
    }

    @Test("a validation sample that is not finite is located in the validation data")
    func notFiniteValidation() throws {
        var bad = x
        bad[5, 0, 0, 0] = .nan
        let error = #expect(throws: ConvNetError.self) {
            try model.fit(x, y, verbose: .silent, validationData: ArrayDataset(bad, y))
        }
        #expect(error?.location == "validationData, sample 5")
        bad = x
        bad[7, 0, 0, 0] = .nan
        let split = #expect(throws: ConvNetError.self) {
            try model.fit(bad, y, verbose: .silent, validationSplit: 0.25)
        }
        #expect(split?.location == "validationSplit, sample 7")
    }

    /// Labels that come from somewhere slow: they are not read before their batch is.
    private struct SlowLabels: SampleDataset {
        let base: ArrayDataset
        var count: Int { base.count }
        var sampleShape: Shape { base.sampleShape }
        var targetKind: TargetKind { base.targetKind }
        func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
            base.readSample(index, into: destination)
        }
        func readLabel(_ index: Int) throws -> Int32 { try base.readLabel(index) }
    }

    @Test("labels that are not in memory are checked when their batch is read, and located as well")
    func slowLabels() throws {
        let slow = SlowLabels(base: try ArrayDataset(x, [0, 1, 2, 0, 1, 2, 0, 3] as Labels))
        let error = #expect(throws: ConvNetError.self) {
            try model.fit(ArrayDataset(x, y), verbose: .silent, validationData: slow)
        }
        #expect(error?.location == "validationData, sample 7")
        #expect(model.stepCount == 1)
    }

    @Test("weights of classes that are not there, of samples without a class, of no validation data")
    func weightArguments() throws {
        for odd in [[3: 1], [-1: 2, 0: 1]] as [[Int: Float]] {
            let text = try refused(.argument) { try model.fit(x, y, verbose: .silent, classWeight: odd) }
            #expect(text.contains("classWeight") && text.contains("0..<3"))
            _ = try refused(.argument) { try model.trainOnBatch(x, y, classWeight: odd) }
        }
        let text = try refused(.argument) {
            try model.fit(x, y, verbose: .silent, classWeight: [7: 5, 1: 2, -1: 2])
        }
        #expect(text.contains("Received: -1, 7."))
        let binary = try Sequential(inputShape: [2], layers: [Dense(units: 1, activation: .sigmoid)])
        try binary.compile(loss: .binaryCrossentropy())
        let two = try Tensor(zeros: [1, 2])
        let error = #expect(throws: ConvNetError.self) {
            try binary.trainOnBatch(two, Tensor(zeros: [1, 1]), classWeight: [2: 1])
        }
        #expect(error?.expected == "classes in 0..<2")
        let map = try Sequential(inputShape: [4, 4, 1], layers: [Activation(.linear)])
        try map.compile(loss: .mse())
        #expect(throws: ConvNetError.self) { try map.fit(x, x, verbose: .silent, classWeight: [0: 1]) }
        // Of a regression nothing bounds the values, as in Keras.
        let regression = try Sequential(inputShape: [2], layers: [Dense(units: 1)])
        try regression.compile(loss: .mse())
        try regression.trainOnBatch(two, Tensor([5], shape: [1, 1]), classWeight: [5: 2])

        let alone = try refused(.argument) {
            try model.fit(x, y, verbose: .silent, validationSampleWeight: [1])
        }
        #expect(alone.contains("validationSampleWeight") && alone.contains("validationData"))
        let data = try ArrayDataset(x, y)
        for weights in [[1], [1, 1, 1, 1, 1, 1, 1, -1], [1, 1, 1, 1, 1, 1, 1, .nan]] as [[Float]] {
            let text = try refused(.argument) {
                try model.fit(
                    x,
                    y,
                    verbose: .silent,
                    validationData: data,
                    validationSampleWeight: weights
                )
            }
            #expect(text.contains("validationSampleWeight"))
        }
    }

    @Test("no samples, no batch size, no epochs, odd splits and weights")
    func arguments() throws {
        _ = try refused(.data) { try model.fit(Tensor(zeros: [0, 4, 4, 1]), [] as Labels, verbose: .silent) }
        _ = try refused(.data) { _ = try model.evaluate(Tensor(zeros: [0, 4, 4, 1]), [] as Labels) }
        _ = try refused(.data) { try model.trainOnBatch(Tensor(zeros: [0, 4, 4, 1]), [] as Labels) }
        #expect(try model.predict(Tensor(zeros: [0, 4, 4, 1])).shape == [0, 3])
        for size in [0, -1] {
            _ = try refused(.argument) { try model.fit(x, y, batchSize: size, verbose: .silent) }
            _ = try refused(.argument) { _ = try model.evaluate(x, y, batchSize: size) }
            _ = try refused(.argument) { _ = try model.predict(x, batchSize: size) }
        }
        _ = try refused(.argument) { try model.fit(x, y, epochs: -1, verbose: .silent) }
        _ = try refused(.argument) { try model.fit(x, y, verbose: .silent, initialEpoch: -1) }
        // As in Keras, which trains nothing and returns an empty history.
        #expect(try model.fit(x, y, epochs: 2, verbose: .silent, initialEpoch: 3).epochs.isEmpty)
        #expect(model.stepCount == 0)
        for split in [1, -0.1, 0.99, .nan] {
            _ = try refused(.argument) { try model.fit(x, y, verbose: .silent, validationSplit: split) }
        }
        _ = try refused(.argument) { try model.fit(x, y, verbose: .silent, sampleWeight: [1]) }
        _ = try refused(.argument) {
            try model.fit(x, y, verbose: .silent, sampleWeight: [1, 1, 1, 1, 1, 1, 1, -1])
        }
        _ = try refused(.argument) { try model.fit(x, y, verbose: .silent, classWeight: [0: .infinity]) }
        #expect(try model.fit(x, y, epochs: 0, verbose: .silent).epochs.isEmpty)
        // A batch larger than the data is all of it.
        #expect(try model.fit(x, y, batchSize: .max, verbose: .silent).epochs.count == 1)
    }

    @Test("numbers that are not finite: the first such sample is named, whatever the order of the workers")
    func notFinite() throws {
        for odd in [Float.nan, .infinity] {
            var bad = x
            bad[3, 1, 2, 0] = odd
            bad[6, 0, 0, 0] = odd
            for _ in 0..<20 {
                let text = try refused(.data) { try model.trainOnBatch(bad, y) }
                #expect(text.contains("sample 3"))
            }
            _ = try refused(.data) { _ = try model.predict(bad) }
            _ = try refused(.data) { _ = try model.evaluate(bad, y) }
        }
        // The engine is as good as new afterwards.
        let before = try model.evaluate(x, y).loss ?? 0
        try model.fit(x, y, epochs: 5, verbose: .silent)
        #expect(try model.evaluate(x, y).loss ?? 1 < before)
    }

    @Test("images without the channel axis of size 1, or with one too many, are taken as Keras takes them")
    func channelAxis() throws {
        let flat = try Tensor(x.elements, shape: [8, 4, 4])
        #expect(try model.predict(flat) == model.predict(x))
        #expect(try model.evaluate(flat, y) == model.evaluate(x, y))
        #expect(try model.predictor().predict(flat) == model.predict(x))
        #expect(try model.gradients(flat, y, includingSamples: true).samples?.shape == [8, 4, 4])
        let other = try Sequential(inputShape: [4, 4, 1], options: ComputeOptions(threads: 2)) {
            Conv2D(filters: 2, kernelSize: 3, activation: .relu)
            Flatten()
            Dense(units: 3, activation: .softmax)
        }
        try other.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        try other.fit(flat, y, verbose: .silent, validationData: ArrayDataset(x, y))
        try model.fit(x, y, verbose: .silent)
        #expect(try other.predict(x) == model.predict(x))
        let vectors = try Sequential(inputShape: [4], layers: [Dense(units: 2)])
        let column = try Tensor(shape: [3, 4, 1], repeating: 1)
        #expect(try vectors.predict(column).shape == [3, 2])
        // The last axis is the only one that may be missing.
        #expect(throws: ConvNetError.self) { try model.predict(Tensor(zeros: [8, 1, 4, 4])) }
    }

    @Test("a model that is not compiled says what to do")
    func notCompiled() throws {
        let model = try Sequential(inputShape: [2], layers: [Dense(units: 2)])
        let x = try Tensor(zeros: [1, 2])
        for call in [
            { _ = try model.fit(x, [0] as Labels, verbose: .silent) },
            { _ = try model.evaluate(x, [0] as Labels) },
            { _ = try model.trainOnBatch(x, [0] as Labels) }, { _ = try model.gradients(x, [0] as Labels) },
        ] as [() throws -> Void] {
            let error = #expect(throws: ConvNetError.self) { try call() }
            #expect(error?.kind == .state)
            #expect(error?.remedy?.contains("compile") == true)
        }
        #expect(try model.predict(x).shape == [1, 2])
    }

    @Test("a batch that cannot be read changes nothing that layers keep from batch to batch")
    func statistics() throws {
        let model = try Sequential(inputShape: [2], layers: [Counter()])
        try model.compile(loss: .mse())
        let good = try Tensor(shape: [4, 2], repeating: 1), y = try Tensor(zeros: [4, 2])
        try model.trainOnBatch(good, y)
        #expect(try model.value("counter/count").elements == [1])
        var bad = good
        bad[2, 0] = .nan
        #expect(throws: ConvNetError.self) { try model.trainOnBatch(bad, y) }
        #expect(throws: ConvNetError.self) { try model.gradients(bad, y) }
        #expect(try model.value("counter/count").elements == [1])
    }
}

/// A layer that counts the batches that it has been trained on.
private struct Counter: Layer {
    static let kind = "Counter"

    struct Count: Operator {
        func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }
        func kernel(at site: Site) -> any Kernel {
            Runner(count: site.outputs[0].shape.elementCount, isTraining: site.mode == .training)
        }
    }

    struct Runner: Kernel {
        let count: Int
        let isTraining: Bool

        func forward() -> [Stage] {
            [
                Stage(.samples) { $0.output.update(from: $0.input(), count: $0.count * count) },
                Stage(.once) { if isTraining { $0.state(1)[0] += 1 } },
            ]
        }
        func backward() -> [Stage] { [] }
    }

    func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        try lowering.emit(Count(), lowering.single(inputs), lowering.state("count", [1], .zeros))
    }
}
