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

    @Test("wrong shapes, a missing channel axis among them")
    func shapes() throws {
        let missing = try refused(.shape) { try model.fit(Tensor(zeros: [8, 4, 4]), y, verbose: .silent) }
        #expect(missing.contains("channel axis is missing"))
        let wrong = try refused(.shape) { try model.fit(Tensor(zeros: [8, 5, 4, 1]), y, verbose: .silent) }
        #expect(wrong.contains("[4, 4, 1]") && wrong.contains("[5, 4, 1]"))
        _ = try refused(.shape) { _ = try model.predict(Tensor(zeros: [2, 4, 4, 3])) }
        _ = try refused(.shape) { _ = try model.evaluate(Tensor(zeros: [8, 4, 4]), y) }
        _ = try refused(.data) { try model.fit(x, [0, 1] as Labels, verbose: .silent) }
        let validation = try ArrayDataset(Tensor(zeros: [2, 3, 3, 1]), [0, 1] as Labels)
        let text = try refused(.shape) { try model.fit(x, y, validationData: validation, verbose: .silent) }
        #expect(text.contains("validationData"))
    }

    @Test("labels out of range, and targets of the wrong kind")
    func labels() throws {
        for odd: Int32 in [3, -1] {
            let text = try refused(.data) {
                try model.fit(x, Labels([0, 1, 2, 0, 1, odd, 0, 1]), shuffle: false, verbose: .silent)
            }
            #expect(text.contains("sample 5") && text.contains("0..<3"))
            #expect(text.contains("the loss compares 3 of them"))
        }
        let yesNo = try Sequential(
            inputShape: [4, 4, 1], layers: [Flatten(), Dense(units: 1, activation: .sigmoid)])
        try yesNo.compile(optimizer: .sgd(), loss: .binaryCrossentropy())
        let error = #expect(throws: ConvNetError.self) { try yesNo.fit(x, y, verbose: .silent) }
        #expect(error?.description.contains("model's output") == false)
        #expect(error?.expected == "a class in 0..<2")
        #expect(error?.remedy == "Classes are counted from 0, and the loss compares 2 of them")
        let text = try refused(.data) { try model.fit(x, y.oneHot(classCount: 3), verbose: .silent) }
        #expect(text.contains("categoricalCrossentropy"))
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
        _ = try refused(.argument) { try model.fit(x, y, epochs: 2, initialEpoch: 3, verbose: .silent) }
        for split in [1, -0.1, 0.99, .nan] {
            _ = try refused(.argument) { try model.fit(x, y, validationSplit: split, verbose: .silent) }
        }
        _ = try refused(.argument) { try model.fit(x, y, sampleWeight: [1], verbose: .silent) }
        _ = try refused(.argument) {
            try model.fit(x, y, sampleWeight: [1, 1, 1, 1, 1, 1, 1, -1], verbose: .silent)
        }
        _ = try refused(.argument) { try model.fit(x, y, classWeight: [0: .infinity], verbose: .silent) }
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
        _ = try model.gradients(good, y)
        #expect(try model.value("counter/count").elements == [1])
        var bad = good
        bad[2, 0] = .nan
        #expect(throws: ConvNetError.self) { try model.gradients(bad, y) }
        #expect(try model.value("counter/count").elements == [1])
    }
}

/// A layer that counts the batches that it has been trained on.
private struct Counter: Layer {
    static let kind = "Counter"

    struct Runner: Kernel {
        let count: Int
        let isTraining: Bool

        func forward() -> [Stage] {
            [
                Stage(.samples) { $0.output.update(from: $0.input(), count: $0.count * count) },
                Stage(.once) { if isTraining { $0.statistic(0)[0] += 1 } },
            ]
        }
        func backward() -> [Stage] { [] }
    }

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        [ParameterSpec("count", shape: [1], initializer: .zeros, isTrainable: false)]
    }
    func kernel(at site: Site) throws -> any Kernel {
        Runner(count: site.output.elementCount, isTraining: site.mode == .training)
    }
}
