import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// `regularization.json`.
private struct RegularizationGolden: Decodable, CustomTestStringConvertible {
    let name: String
    let inputs: GoldenTensor
    let targets: GoldenTensor
    let initial: [GoldenTensor]
    let losses: [Double]
    let weights: [GoldenTensor]
    let evaluated: Double

    var testDescription: String { name }

    static let all: [RegularizationGolden] = {
        struct File: Decodable { let cases: [RegularizationGolden] }
        return (try? Golden.read("regularization", as: File.self))?.cases ?? []
    }()

    func model() throws -> Sequential {
        func dense(
            _ kernelRegularizer: (any Regularizer)? = nil,
            bias: (any Regularizer)? = nil,
            _ kernelConstraint: (any Constraint)? = nil,
            biasConstraint: (any Constraint)? = nil
        ) -> Dense {
            Dense(
                units: 4,
                activation: .tanh,
                kernelRegularizer: kernelRegularizer,
                biasRegularizer: bias,
                kernelConstraint: kernelConstraint,
                biasConstraint: biasConstraint
            )
        }
        let first: [any Applicable] =
            switch name {
            case "L1": [dense(.l1(0.02))]
            case "L2": [dense(.l2(0.03), bias: .l2(0.1))]
            case "L1L2": [dense(.l1l2(l1: 0.01, l2: 0.02))]
            case "orthogonal rows": [dense(.orthogonal(factor: 0.3))]
            case "orthogonal columns": [dense(.orthogonal(factor: 0.3, mode: .columns))]
            case "activity L2": [dense().activityRegularizer(.l2(0.05))]
            case "activity layer": [dense(), ActivityRegularization(l1: 0.02, l2: 0.03)]
            case "max norm": [dense(nil, .maxNorm(maxValue: 0.7))]
            case "unit norm, not negative": [dense(nil, .unitNorm(axes: [1]), biasConstraint: .nonNeg)]
            case "min max norm": [dense(nil, .minMaxNorm(minValue: 0.9, maxValue: 1.1, rate: 0.5))]
            case "filters":
                [
                    Conv2D(
                        filters: 3,
                        kernelSize: 3,
                        kernelRegularizer: .l2(0.02),
                        biasRegularizer: .l1(0.01),
                        kernelConstraint: .maxNorm(maxValue: 1.5, axes: [0, 1, 2])
                    ),
                    BatchNormalization(
                        momentum: 0.5,
                        gammaRegularizer: .l2(0.1),
                        betaConstraint: .maxNorm(maxValue: 0.2)
                    ),
                    Flatten(),
                ]
            case "einsum":
                [
                    EinsumDense(
                        equation: "abc,cde->abde",
                        outputShape: [3, 2, 3],
                        activation: .tanh,
                        biasAxes: "de",
                        kernelRegularizer: .l2(0.02),
                        biasRegularizer: .l1(0.01),
                        kernelConstraint: .maxNorm(maxValue: 0.7),
                        biasConstraint: .nonNeg
                    )
                ]
            case "attention":
                [
                    MultiHeadAttention(
                        numHeads: 2,
                        keyDim: 3,
                        valueDim: 2,
                        kernelRegularizer: .l2(0.02),
                        biasRegularizer: .l1(0.01),
                        kernelConstraint: .maxNorm(maxValue: 0.7),
                        biasConstraint: .nonNeg,
                        useGate: true
                    )
                ]
            case "embedding":
                [
                    Embedding(
                        inputDim: 7,
                        outputDim: 5,
                        embeddingsRegularizer: .l1l2(l1: 0.01, l2: 0.02),
                        embeddingsConstraint: .maxNorm(maxValue: 0.9, axes: [1])
                    )
                ]
            default: throw ConvNetError(.format, "Unknown case \(name)")
            }
        return try Sequential(inputShape: Shape(Array(inputs.shape.dropFirst()))) {
            for layer in first { layer }
            Dense(units: 2)
        }
    }
}

@Suite("Regularizers and constraints")
struct RegularizationTests {
    @Test func casesAreThere() { #expect(RegularizationGolden.all.count == 14) }

    @Test("losses and weights of three steps are Keras'", arguments: RegularizationGolden.all)
    private func golden(_ golden: RegularizationGolden) throws {
        try Deviations.record("regularization", golden.name) { try compare(golden) }
    }

    private func compare(_ golden: RegularizationGolden) throws {
        let model = try golden.model()
        try model.compile(optimizer: .sgd(learningRate: 0.05), loss: .mse())
        // Keras lists the states of a layer after its weights, as this library does.
        for (entry, value) in zip(model.store.entries, golden.initial) {
            try model.store.set(value.tensor(), for: entry)
        }
        let x = try golden.inputs.tensor(), y = try golden.targets.tensor()
        for loss in golden.losses {
            let found = try #require(model.trainOnBatch(x, y)["loss"])
            Deviations.note(abs(found - loss) / abs(loss))
            #expect(abs(found - loss) < 2e-6 * abs(loss))
        }
        for (entry, expected) in zip(model.store.entries, golden.weights) {
            let found = try model.store.tensor(entry)
            #expect(expected.reference.mismatch(with: found, tolerance: 1e-5) == nil, "\(entry.name)")
        }
        // With a batch size that does not divide the samples: the penalty counts in full whatever it is.
        let evaluated = try #require(model.evaluate(x, y, batchSize: 2)["loss"])
        #expect(abs(evaluated - golden.evaluated) < 1e-5 * abs(golden.evaluated))
    }

    @Test("penalties' derivatives are those of finite differences, and parts add up to the whole")
    func derivatives() throws {
        let shape: Shape = [4, 5]
        let values = try TestValues.uniform([20], seed: 3).elements
        let regularizers: [any Regularizer] = [
            .l1(0.1), .l2(0.2), .l1l2(l1: 0.3, l2: 0.1), .orthogonal(factor: 0.5),
            .orthogonal(factor: 0.5, mode: .columns),
        ]
        for regularizer in regularizers {
            func penalty(_ values: [Float]) -> Double {
                values.withUnsafeBufferPointer { regularizer.penalty($0, shape: shape, gradient: nil) }
            }
            var gradient = [Float](repeating: 0, count: 20)
            gradient.withUnsafeMutableBufferPointer { sums in
                guard let first = sums.baseAddress else { return }
                values.withUnsafeBufferPointer {
                    _ = regularizer.penalty($0, shape: shape, gradient: PenaltyGradient(first, scale: 2))
                }
            }
            for place in values.indices {
                var above = values, below = values
                above[place] += 1e-2
                below[place] -= 1e-2
                let slope = (penalty(above) - penalty(below)) / Double(above[place] - below[place])
                // The error of a central difference of this step.
                #expect(abs(Double(gradient[place]) - 2 * slope) < 2e-3, "\(regularizer), \(place)")
            }
            guard regularizer.isSumOverElements else { continue }
            let parts = penalty(Array(values[..<7])) + penalty(Array(values[7...]))
            #expect(abs(parts - penalty(values)) < 1e-12)
        }
    }

    @Test("a large parameter's penalty is shared out, and has the same bits for any number of workers")
    func workers() throws {
        func digest(threads: Int) throws -> (loss: Double?, parameters: String) {
            let model = try Sequential(inputShape: [300], seed: 4, options: ComputeOptions(threads: threads))
            {
                Dense(
                    units: 130,
                    kernelRegularizer: .l1l2(l1: 0.001, l2: 0.002),
                    kernelConstraint: .maxNorm(maxValue: 0.8)
                ).activityRegularizer(.l2(0.01))
                Dense(units: 3)
            }
            try model.compile(
                optimizer: .lamb(learningRate: 0.01),
                loss: .mse(),
                update: UpdateRule(accumulatedBatches: 2, averageMomentum: 0.9)
            )
            let x = try TestValues.uniform([40, 300], seed: 1)
            let y = try TestValues.uniform([40, 3], seed: 2)
            let history = try model.fit(x, y, batchSize: 8, epochs: 2, verbose: .silent)
            return (history["loss"].last, "\(model.parameterDigest)")
        }
        let one = try digest(threads: 1)
        for threads in [2, 3, 8] {
            let other = try digest(threads: threads)
            #expect(other.loss == one.loss && other.parameters == one.parameters)
        }
    }

    @Test("frozen layers have no penalty, and predictions compute none for activities")
    func frozen() throws {
        let layer = SharedLayer(
            Dense(units: 2, kernelRegularizer: .l2(1)),
            isTrainable: false,
            activityRegularizer: .l2(1)
        )
        let model = try Sequential(inputShape: [3], seed: 1) {
            layer
            Dense(units: 1)
        }
        try model.compile(loss: .mse())
        let x = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]), y = try Tensor([0, 0], shape: [2, 1])
        let outputs = try Model(inputs: model.inputs, outputs: [model.output(of: "dense")]).predict(x)
            .elements
        let predictions = try model.predict(x).elements
        let squares = predictions.reduce(0) { $0 + Double($1 * $1) } / 2
        let activity = outputs.reduce(0) { $0 + Double($1 * $1) } / 2
        let loss = try #require(model.evaluate(x, y)["loss"])
        #expect(abs(loss - squares - activity) < 1e-5 * loss)
        let plan = try model.engine.plan(
            for: .init(
                batch: 2,
                inputShapes: [[3]],
                mode: .inference,
                usesLoss: false,
                needsSampleGradient: false
            )
        )
        #expect(plan.graph.losses.isEmpty && !plan.graph.operations.contains { $0.kind == "Penalty" })
    }

    @Test("settings that cannot be are errors with the layer's name")
    func errors() throws {
        func message(_ layer: any Applicable, _ shape: Shape = [3]) -> String {
            do {
                _ = try Sequential(inputShape: shape, layers: [layer])
                return ""
            } catch { return "\(error)" }
        }
        let negative = message(Dense(units: 2, kernelRegularizer: .l2(-1), name: "odd"))
        #expect(negative.contains("odd") && negative.contains("l2") && negative.contains("-1"))
        let flat = message(Dense(units: 2, biasRegularizer: .orthogonal()))
        #expect(flat.contains("dense") && flat.contains("two axes"))
        let table = message(
            Embedding(inputDim: 2, outputDim: 2, embeddingsConstraint: .maxNorm(axes: [2]), name: "odd")
        )
        #expect(table.contains("odd") && table.contains("MaxNorm") && table.contains("[2]"))
        let heads = message(
            MultiHeadAttention(numHeads: 1, keyDim: 2, kernelRegularizer: .l2(-1)),
            [3, 4]
        )
        #expect(heads.contains("multi_head_attention") && heads.contains("l2") && heads.contains("-1"))
        let einsum = message(
            EinsumDense(equation: "ab,bc->ac", outputShape: [2], kernelRegularizer: .l1(.nan))
        )
        #expect(einsum.contains("einsum_dense") && einsum.contains("l1"))
        let axes = message(Dense(units: 2, kernelConstraint: .maxNorm(axes: [0, 1, 2])))
        #expect(axes.contains("MaxNorm") && axes.contains("[0, 1, 2]"))
        let rate = message(Dense(units: 2, kernelConstraint: .minMaxNorm(rate: 2)))
        #expect(rate.contains("rate"))
        let activity = message(Dense(units: 2).activityRegularizer(.orthogonal()))
        #expect(activity.contains("sum over elements") && activity.contains("OrthogonalRegularizer"))
        let factor = message(ActivityRegularization(l1: .nan))
        #expect(factor.contains("l1"))
    }

    @Test("each parameter's rules are what the layer was given, and come back from JSON")
    func layersKeepRules() throws {
        func decoded<L: Layer>(_ layer: L) throws -> L {
            try JSONDecoder().decode(L.self, from: JSONEncoder().encode(layer))
        }
        let einsum = try decoded(
            EinsumDense(
                equation: "ab,bc->ac",
                outputShape: [2],
                biasAxes: "c",
                kernelRegularizer: .l1(0.1),
                biasRegularizer: .l2(0.2),
                kernelConstraint: .maxNorm(maxValue: 0.5),
                biasConstraint: .nonNeg
            )
        )
        #expect(einsum.kernelRegularizer as? L1 == L1(l1: 0.1))
        #expect(einsum.biasRegularizer as? L2 == L2(l2: 0.2))
        #expect(einsum.kernelConstraint is MaxNorm && einsum.biasConstraint is NonNeg)
        let attention = try decoded(
            MultiHeadAttention(
                numHeads: 1,
                keyDim: 2,
                kernelRegularizer: .l1(0.1),
                biasRegularizer: .l2(0.2),
                kernelConstraint: .maxNorm(maxValue: 0.5),
                biasConstraint: .nonNeg
            )
        )
        #expect(attention.kernelRegularizer as? L1 == L1(l1: 0.1))
        #expect(attention.biasRegularizer as? L2 == L2(l2: 0.2))
        #expect(attention.kernelConstraint is MaxNorm && attention.biasConstraint is NonNeg)
        let embedding = try decoded(
            Embedding(
                inputDim: 2,
                outputDim: 2,
                embeddingsRegularizer: .l1(0.1),
                embeddingsConstraint: .unitNorm(axes: [1])
            )
        )
        #expect(embedding.embeddingsRegularizer as? L1 == L1(l1: 0.1))
        #expect(embedding.embeddingsConstraint is UnitNorm)
        // Without rules a layer's form is as it was before there were any.
        let data = try JSONEncoder().encode(Embedding(inputDim: 2, outputDim: 2))
        let plain = String(decoding: data, as: UTF8.self)
        #expect(!plain.contains("Regularizer") && !plain.contains("Constraint"))
    }

    @Test("files keep regularizers, constraints, rules and schedules; those from before have none")
    func files() throws {
        let folder = try TemporaryFolder()
        let model = try Sequential(inputShape: [3], seed: 1) {
            Dense(units: 4, kernelRegularizer: .l1(0.1), biasConstraint: .nonNeg)
                .activityRegularizer(.l2(0.01))
            Dense(units: 2).trainable(false)
        }
        try model.compile(
            optimizer: .nadam(learningRate: .cosineDecay(initialLearningRate: 0.1, decaySteps: 10)),
            loss: .mse(),
            update: UpdateRule(
                accumulatedBatches: 2,
                averageMomentum: 0.5,
                groups: [.init(layers: ["dense"], parameters: ["bias"], rateFactor: 0.5, decays: false)]
            )
        )
        let x = try TestValues.uniform([10, 3], seed: 1)
        let y = try TestValues.uniform([10, 2], seed: 2)
        for _ in 0..<3 { try model.trainOnBatch(x, y) }
        try model.save(to: folder.file("model.safetensors"))
        let loaded = try Sequential.load(from: folder.file("model.safetensors"))
        let layers = loaded.graph.layers
        #expect(layers[1].activityRegularizer as? L2 == L2(l2: 0.01))
        #expect((layers[1].layer as? Dense)?.kernelRegularizer as? L1 == L1(l1: 0.1))
        #expect((layers[1].layer as? Dense)?.biasConstraint is NonNeg)
        #expect((layers[1].layer as? Dense)?.biasRegularizer == nil)
        #expect(layers[2].isTrainable == false)
        #expect(!loaded.hasFrozenSchedule && loaded.learningRate == model.learningRate)
        // In the middle of a step of two batches, and of a schedule.
        for _ in 0..<4 {
            #expect(try model.trainOnBatch(x, y)["loss"] == loaded.trainOnBatch(x, y)["loss"])
        }
        #expect(model.parameterDigest == loaded.parameterDigest)
    }
}
