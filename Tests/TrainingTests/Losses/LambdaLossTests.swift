import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Losses by a closure over operators")
struct LambdaLossTests {
    /// The mean squared error: as Keras' functions, the mean along the last axis.
    private static func squares(_ reduction: LossReduction = .sumOverBatchSize) -> LambdaLoss {
        LambdaLoss(name: "squares", reduction: reduction) { target, prediction, ops in
            try ops.mean(ops.square(ops.subtract(prediction, target)), axes: [-1])
        }
    }

    /// A loss value for each number.
    private static func numbers(_ reduction: LossReduction = .sumOverBatchSize) -> LambdaLoss {
        .lambda(name: "numbers", reduction: reduction) { target, prediction, ops in
            try ops.square(ops.subtract(prediction, target))
        }
    }

    /// Huber's loss: with `q = min(|e|, 1)` it is `q² / 2 + (|e| - q)`.
    private static let huber = LambdaLoss(name: "huber") { target, prediction, ops in
        let size = try ops.abs(ops.subtract(prediction, target))
        let near = try ops.minimum(size, 1)
        let values = try ops.add(ops.multiply(ops.square(near), 0.5), ops.subtract(size, near))
        return try ops.mean(values, axes: [-1])
    }

    /// One value for each sample, through several operators that reduce and stretch.
    private static let distance = LambdaLoss(name: "distance") { target, prediction, ops in
        let difference = try ops.subtract(ops.softmax(prediction), target)
        let lengths = try ops.sqrt(ops.sum(ops.square(difference), axes: [-1], keepDims: true))
        return try ops.mean(ops.multiply(lengths, ops.exp(prediction)), axes: [0, 1])
    }

    private static func pair(_ shape: Shape) throws -> (targets: Tensor, predictions: Tensor) {
        (
            try TestValues.distinct(shape, seed: 5, limit: 2),
            try TestValues.distinct(shape, seed: 6, limit: 2)
        )
    }

    // Operators add up in another order than the built-in losses, and divide by a product: some roundings of 6e-8 each.
    private static let tolerance = 1e-6

    private func deviation(_ values: [Float], _ expected: [Float]) -> Double {
        Double(relativeDifference(values, expected))
    }

    @Test(
        "values and gradients are the built-in loss's, whatever weights and reduction",
        arguments: LossReduction.allCases,
        [nil, [0.5, 2, 0, 1, 3]] as [[Float]?]
    )
    func builtIn(_ reduction: LossReduction, _ weights: [Float]?) throws {
        for shape in [[5, 1], [5, 7], [5, 2, 3, 4]] as [Shape] {
            let (y, x) = try Self.pair(shape)
            for (own, other) in [
                (Self.squares(reduction), MeanSquaredError(reduction: reduction)),
                (
                    LambdaLoss(reduction: reduction) {
                        try Self.huber.lower(target: $0, prediction: $1, in: &$2)
                    }, Huber(reduction: reduction)
                ),
            ] as [(LambdaLoss, any Loss)] {
                let value = try own(y, x, sampleWeight: weights)
                let expected = try other(y, x, sampleWeight: weights)
                #expect(abs(value - expected) <= Self.tolerance * max(1, abs(expected)), "\(shape)")
                let gradient = try own.gradient(y, x, sampleWeight: weights)
                #expect(
                    deviation(
                        gradient.elements,
                        try other.gradient(y, x, sampleWeight: weights).elements
                    ) <= Self.tolerance,
                    "\(shape)"
                )
            }
        }
    }

    @Test("values of each number are reduced as they are")
    func numbersAlone() throws {
        let (y, x) = try Self.pair([5, 2, 3])
        let squares = zip(y.elements, x.elements).map { Double($1 - $0) * Double($1 - $0) }.reduce(0, +)
        #expect(abs(try Self.numbers()(y, x) - squares / 30) < Self.tolerance)
        #expect(abs(try Self.numbers(.sum)(y, x) - squares) < 30 * Self.tolerance)
        let gradient = try Self.numbers(.sum).gradient(y, x).elements
        #expect(deviation(gradient, zip(y.elements, x.elements).map { 2 * ($1 - $0) }) < Self.tolerance)
    }

    @Test("the gradient is that of finite differences")
    func finiteDifferences() throws {
        let (y, x) = try Self.pair([2, 2, 3])
        let gradient = try Self.distance.gradient(y, x).elements
        // The error of the formula is of the size of step², 1e-4; that of rounding of 1e-7 / step.
        let step: Float = 0.01
        for place in gradient.indices {
            var above = x.elements, below = x.elements
            above[place] += step
            below[place] -= step
            let difference =
                try Self.distance(y, Tensor(above, shape: x.shape))
                - Self.distance(y, Tensor(below, shape: x.shape))
            #expect(abs(Double(gradient[place]) - difference / Double(2 * step)) < 1e-3, "\(place)")
        }
    }

    private static func network(threads: Int = 1, outputs: Int = 3) throws -> Sequential {
        try Sequential(inputShape: [4], seed: 7, options: ComputeOptions(threads: threads)) {
            Dense(units: 5, activation: .tanh)
            Dense(units: outputs, activation: .sigmoid)
        }
    }

    @Test("three steps of fit are those of the built-in loss; validation, evaluation and a batch are, too")
    func fit() throws {
        let x = try TestValues.uniform([11, 4], seed: 1)
        let y = try Labels((0..<11).map { Int32($0 % 3) }).oneHot(classCount: 3)
        let weights = (0..<11).map { Float($0 % 4) }
        func train(_ loss: any Loss) throws -> (parameters: [String: Tensor], figures: [Double]) {
            let model = try Self.network()
            try model.compile(optimizer: .sgd(learningRate: 0.5), loss: loss, metrics: [.accuracy])
            let history = try model.fit(
                x,
                y,
                batchSize: 4,
                verbose: .silent,
                validationSplit: 0.1,
                shuffle: false,
                classWeight: [0: 1, 1: 2, 2: 0.5],
                sampleWeight: weights
            )
            let batch = try model.trainOnBatch(x, y, sampleWeight: weights)
            let judged = try model.evaluate(x, y, batchSize: 4, sampleWeight: weights)
            let figures = history["loss"] + history["val_loss"] + [batch.loss, judged.loss].compactMap { $0 }
            return (try TestValues.parameters(of: model), figures)
        }
        let own = try train(Self.squares()), other = try train(MeanSquaredError())
        #expect(own.figures.count == 4 && other.figures.count == 4)
        for (own, other) in zip(own.figures, other.figures) { #expect(abs(own - other) < Self.tolerance) }
        for (name, values) in own.parameters {
            let expected = try #require(other.parameters[name])
            #expect(deviation(values.elements, expected.elements) < 1e-5, "\(name)")
        }
    }

    @Test("each of several outputs has a loss of its own, times its weight")
    func outputs() throws {
        let input = Input(shape: [3], name: "in")
        let model = try Model(
            inputs: [input],
            outputs: [
                Activation(.linear, name: "one")(input), Activation(.linear, name: "two")(input),
                Activation(.linear, name: "three")(input),
            ]
        )
        let (y, x) = try Self.pair([5, 3]), (z, _) = try Self.pair([5, 3])
        try model.compile(
            losses: ["one": Self.squares(), "two": .mae(), "three": Self.huber],
            lossWeights: ["one": 0.5, "three": 2]
        )
        let data = try TensorDataset(inputs: ["in": x], targets: ["one": y, "two": z, "three": z])
        let values = try model.evaluate(data)
        let losses = [
            try MeanSquaredError()(y, x), try MeanAbsoluteError()(z, x), try Huber()(z, x),
        ]
        #expect(abs(try #require(values["one_loss"]) - losses[0]) < Self.tolerance)
        #expect(abs(try #require(values["three_loss"]) - losses[2]) < Self.tolerance)
        let total = 0.5 * losses[0] + losses[1] + 2 * losses[2]
        #expect(abs(try #require(values.loss) - total) < 2 * Self.tolerance)
        let gradients = [
            try MeanSquaredError().gradient(y, x), try MeanAbsoluteError().gradient(z, x),
            try Huber().gradient(z, x),
        ].map(\.elements)
        let expected = x.elements.indices.map {
            0.5 * gradients[0][$0] + gradients[1][$0] + 2 * gradients[2][$0]
        }
        let own = try #require(try model.gradients(data, includingSamples: true).samples)
        #expect(deviation(own.elements, expected) < Self.tolerance)
    }

    @Test("classes are numbers; an axis of size 1 at the end may be missing")
    func targets() throws {
        let loss = Self.squares()
        let x = try Tensor([0.5, 2, 1, 0], shape: [2, 2])
        // (0.5 - 1)², (2 - 1)², (1 - 0)², 0².
        #expect(try loss(Labels([1, 0] as [Int32]), x) == 2.25 / 4)
        let column = try Tensor([3, 5], shape: [2, 1]), row = try Tensor([1, 2], shape: [2])
        #expect(try loss(row, column) == (4 + 9) / 2)
        #expect(try loss(Labels([1, 2] as [Int32]), column) == (4 + 9) / 2)
        #expect(try loss(Tensor([1, 2, 3, 4], shape: [2, 2, 1]), x) == (0.25 + 0 + 4 + 16) / 4)
        #expect(try loss(column.reshaped(to: [2, 1]), Tensor([1, 2], shape: [2, 1])) == (4 + 9) / 2)
    }

    @Test("a loss can compare the samples of a batch")
    func wholeBatch() throws {
        // The distance of each sample from the mean of the batch: the variance.
        let variance = LambdaLoss(name: "variance") { _, prediction, ops in
            let all = try ops.foldBatch(prediction)
            let distances = try ops.subtract(all, ops.mean(all, axes: [0], keepDims: true))
            return try ops.unfoldBatch(ops.square(distances))
        }
        let x = try Tensor([1, 2, 3, 6], shape: [4, 1]), y = try Tensor(zeros: [4, 1])
        #expect(abs(try variance(y, x) - 3.5) < Self.tolerance)
        // 2 (x - mean) / 4.
        #expect(deviation(try variance.gradient(y, x).elements, [-1, -0.5, 0, 1.5]) < Self.tolerance)
    }

    @Test("training has the same bits at 1 to 8 workers", arguments: 2...8)
    func sameBits(_ threads: Int) throws {
        func train(_ threads: Int) throws -> [String: [Float]] {
            let model = try Self.network(threads: threads)
            try model.compile(optimizer: .adam(), loss: Self.huber, metrics: [LossMetric(Self.squares())])
            let x = try TestValues.uniform([67, 4], seed: 1), y = try TestValues.uniform([67, 3], seed: 2)
            let history = try model.fit(x, y, batchSize: 33, epochs: 2, verbose: .silent)
            var bits = try TestValues.parameters(of: model).mapValues(\.elements)
            bits["loss"] = history["loss"].map { Float($0) }
            bits["squares"] = history["squares"].map { Float($0) }
            return bits
        }
        #expect(try train(threads) == train(1))
    }

    @Test("a loss by a closure is a metric, and its values can be asked for")
    func metric() throws {
        let (y, x) = try Self.pair([5, 2, 3])
        let metric = LossMetric(Self.distance)
        #expect(metric.name == "distance" && LossMetric(Self.distance, name: "d").name == "d")
        #expect(abs(try metric(y, x) - Self.distance(y, x)) < Self.tolerance)
        let labels = Labels([0, 1, 2, 3, 4] as [Int32]), flat = try x.reshaped(to: [5, 6])
        #expect(
            abs(try LossMetric(Self.squares())(labels, flat) - Self.squares()(labels, flat)) < 1e-5
        )
        let values = try Self.numbers().values(y, x)
        #expect(values.shape == x.shape)
        #expect(values.elements == zip(y.elements, x.elements).map { ($1 - $0) * ($1 - $0) })
        #expect(try Self.squares().values(y, x).shape == [5, 2])
        #expect(try Self.distance.values(y, x).shape == [5])
        let near = LambdaMetric(name: "near") { abs($0.prediction[0] - $0.target(at: 0)) < 1 ? 1 : 0 }
        let three = try Tensor([1, 2, 3], shape: [3, 1]), others = try Tensor([1, 2.5, 5], shape: [3, 1])
        #expect(try near(three, others) == 2.0 / 3)
    }

    @Test("one sample alone has its loss and gradient, too, for a loss that calls another one")
    func oneSample() throws {
        let prediction: [Float] = [1, 2, 4], target: [Float] = [0, 2, 1]
        var gradient: [Float] = [0, 0, 0]
        let value = prediction.withUnsafeBufferPointer { prediction in
            target.withUnsafeBufferPointer { target in
                gradient.withUnsafeMutableBufferPointer { gradient in
                    Self.squares(.sum).evaluate(
                        LossSample(
                            prediction: prediction,
                            logits: nil,
                            shape: [3],
                            label: 0,
                            target: target,
                            gradient: gradient,
                            scale: 0.5
                        )
                    )
                }
            }
        }
        #expect(abs(value - 10.0 / 3) < 1e-6)
        #expect(deviation(gradient, [1.0 / 3, 0, 1]) < Self.tolerance)
    }

    /// The mean of the fourth powers, times a factor: a loss that can be in a file.
    private struct Quartic: OperatorLoss {
        static let kind = "Quartic"
        var factor: Float

        func lower(target: Value, prediction: Value, in ops: inout Lowering) throws -> Value {
            try ops.multiply(ops.square(ops.square(ops.subtract(prediction, target))), factor)
        }
    }

    @Test("a type that does the same is in files; a closure is not, and says so")
    func saving() throws {
        let folder = try TemporaryFolder()
        let model = try Self.network()
        try model.compile(
            optimizer: .sgd(),
            loss: Quartic(factor: 2),
            metrics: [LossMetric(Quartic(factor: 1))]
        )
        try model.save(to: folder.file("model.safetensors"))
        let loaded = try Sequential.load(
            from: folder.file("model.safetensors"),
            customTypes: CustomTypes(losses: [Quartic.self])
        )
        let x = try TestValues.uniform([3, 4], seed: 1), y = try TestValues.uniform([3, 3], seed: 2)
        let values = try model.evaluate(x, y)
        #expect(try loaded.evaluate(x, y) == values)
        #expect(abs(try #require(values.loss) - 2 * (try #require(values["quartic"]))) < Self.tolerance)

        try model.compile(loss: Self.huber)
        let error = try #require(throws: ConvNetError.self) {
            try model.save(to: folder.file("closure.safetensors"))
        }
        #expect(error.kind == .argument && error.location?.contains("huber") == true)
        #expect(error.remedy?.contains("OperatorLoss") == true)
        #expect(throws: ConvNetError.self) {
            try JSONDecoder().decode(LambdaLoss.self, from: Data("{}".utf8))
        }
        let metric = LambdaMetric(name: "near") { _ in 1 }
        try model.compile(loss: .mse(), metrics: [metric])
        let other = try #require(throws: ConvNetError.self) {
            try model.save(to: folder.file("closure.safetensors"))
        }
        #expect(other.kind == .argument && other.location?.contains("near") == true)
        try model.saveWeights(to: folder.file("weights.safetensors"))
    }

    @Test("what shows a model shows such a loss, too")
    func reports() throws {
        let model = try Self.network()
        try model.compile(optimizer: .sgd(), loss: Self.huber)
        #expect(try model.plannedMemory(batchSize: 8, for: .training).arena > 0)
        let rows = try model.profile(batchSize: 8, mode: .training, repeats: 1).rows
        let loss = try #require(rows.first { $0.part == .loss })
        #expect(loss.kind == "LambdaLoss" && loss.forwardSeconds > 0 && loss.backwardSeconds ?? 0 > 0)
    }

    /// An operator without a backward pass.
    private struct OneWay: Operator {
        struct Copy: Kernel {
            let count: Int
            func forward() -> [Stage] {
                [
                    Stage(.samples) { context in
                        context.output.update(from: context.input(), count: context.count * count)
                    }
                ]
            }
            func backward() -> [Stage] { [] }
        }

        func outputs(for inputs: [ValueType]) -> [ValueType] { inputs }
        func kernel(at site: Site) -> any Kernel { Copy(count: site.inputs[0].shape.elementCount) }
    }

    @Test("errors name the loss")
    func errors() throws {
        let (y, x) = try Self.pair([5, 3])
        func error(_ loss: LambdaLoss, _ y: Tensor? = nil) throws -> ConvNetError {
            try #require(throws: ConvNetError.self) { _ = try loss(y ?? x, x) }
        }
        let whole = try error(
            LambdaLoss(name: "whole") { _, prediction, ops in try ops.mean(ops.foldBatch(prediction)) }
        )
        #expect(whole.kind == .shape && whole.location == "the loss whole")
        #expect(whole.expected == "a tensor for each sample" && whole.received?.contains("[]") == true)
        #expect(whole.remedy?.contains("unfoldBatch") == true)

        let shape = try error(Self.squares(), try Tensor(zeros: [5, 2]))
        #expect(shape.kind == .shape && shape.location?.contains("the loss squares") == true)

        let parameter = try error(
            LambdaLoss(name: "learner") { _, prediction, ops in
                try ops.multiply(prediction, ops.parameter("scale", [3], .ones))
            }
        )
        #expect(parameter.kind == .argument && parameter.location?.contains("the loss learner") == true)

        let oneWay = LambdaLoss(name: "one way") { _, prediction, ops in
            try ops.emit(OneWay(), prediction)[0]
        }
        let gradient = try #require(throws: ConvNetError.self) { _ = try oneWay.gradient(y, x) }
        #expect(gradient.kind == .argument && gradient.location == "the loss one way")
        #expect(gradient.received == "OneWay, which has none")

        let model = try Self.network()
        try model.compile(loss: Self.squares())
        let none = try #require(throws: ConvNetError.self) {
            _ = try model.evaluate(TensorDataset(inputs: ["input": Tensor(zeros: [2, 4])], targets: [:]))
        }
        #expect(none.kind == .data)
        let metric = try #require(throws: ConvNetError.self) {
            _ = try LossMetric(Self.squares())(Tensor(zeros: [5, 2]), x)
        }
        #expect(metric.kind == .shape && metric.location?.contains("squares") == true)
    }
}
