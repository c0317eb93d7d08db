import SwiftConvNet
import TestSupport
import Testing

@Suite("Functional models: branches, joins, values with several readers")
struct FunctionalModelTests {
    private func expectRight(
        _ model: Model,
        batch: Int = 10,
        tolerance: Double = 1e-4,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ oracle: @escaping GradientCheck.Oracle
    ) throws {
        try TestValues.randomizeParameters(of: model, seed: 21)
        let x = try TestValues.distinct(model.inputShape.batched(batch), seed: 22)
        let check = try GradientCheck(model, x, tolerance: tolerance, oracle: oracle)
        #expect(
            check.problems.isEmpty,
            "\(check.problems.joined(separator: "\n"))",
            sourceLocation: sourceLocation
        )
    }

    private static func conv(
        _ x: ReferenceTensor,
        _ p: [String: ReferenceTensor],
        _ name: String
    ) -> ReferenceTensor {
        guard let kernel = p["\(name)/kernel"] else { return x }
        return Reference.conv2D(x, kernel: kernel, bias: p["\(name)/bias"], padding: .same)
    }

    /// Two convolutions with normalisation, and the way around them.
    @Test func residualBlock() throws {
        let input = Input(shape: [5, 4, 2])
        let x = Conv2D(filters: 3, kernelSize: 3, padding: .same, activation: .tanh, name: "entry")(input)
        var y = Conv2D(filters: 3, kernelSize: 3, padding: .same, name: "first")(x)
        y = BatchNormalization(name: "norm")(y)
        y = Activation(.silu)(y)
        y = Conv2D(filters: 3, kernelSize: 3, padding: .same, name: "second")(y)
        let output = Dense(units: 2, name: "head")(GlobalAveragePooling2D()(Add()(x, y)))
        try expectRight(Model(inputs: input, outputs: output)) { samples, p in
            let x = Reference.activate(Self.conv(samples, p, "entry"), .tanh)
            var y = Self.conv(x, p, "first")
            y = Reference.batchNormalization(y, gamma: p["norm/gamma"], beta: p["norm/beta"])
            y = Self.conv(Reference.activate(y, .silu), p, "second")
            return Reference.dense(
                Reference.globalAveragePool(Reference.add([x, y])),
                kernel: p["head/kernel"] ?? x,
                bias: p["head/bias"]
            )
        }
    }

    /// Four branches from one value, joined along the channels.
    @Test func inceptionBlock() throws {
        let input = Input(shape: [6, 5, 3])
        let narrow = Conv2D(filters: 2, kernelSize: 1, name: "one")(input)
        let middle = Conv2D(filters: 3, kernelSize: 3, padding: .same, name: "three")(
            Conv2D(filters: 2, kernelSize: 1, activation: .sigmoid, name: "reduce")(input)
        )
        let pooled = Conv2D(filters: 2, kernelSize: 1, name: "after")(
            MaxPooling2D(poolSize: 3, strides: 1, padding: .same)(input)
        )
        let output = Concatenate()(narrow, middle, pooled, input)
        try expectRight(Model(inputs: input, outputs: output)) { x, p in
            let middle = Self.conv(Reference.activate(Self.conv(x, p, "reduce"), .sigmoid), p, "three")
            let pooled = Self.conv(Reference.maxPool(x, size: 3, strides: 1, padding: .same), p, "after")
            return Reference.concatenate([Self.conv(x, p, "one"), middle, pooled, x], axis: 3)
        }
    }

    /// A value read by four layers, by one of them twice, and on through layers that pass it on as it is.
    @Test func severalReaders() throws {
        let input = Input(shape: [2, 3])
        let x = Dense(units: 4, activation: .tanh, name: "shared")(input)
        let flat = Flatten()(x)
        let again = Reshape(targetShape: [2, 4])(flat)
        let doubled = Add()(x, x)
        let output = Add()(
            doubled,
            Rescaling(scale: 3)(again),
            Activation(.sigmoid)(x),
            Dropout(rate: 0)(again)
        )
        try expectRight(Model(inputs: input, outputs: output)) { x, p in
            let shared = Reference.activate(
                Reference.dense(x, kernel: p["shared/kernel"] ?? x, bias: p["shared/bias"]),
                .tanh
            )
            return Reference.add([
                shared, shared, shared.map { 3 * $0 }, Reference.activate(shared, .sigmoid), shared,
            ])
        }
    }

    /// Nothing between the samples and several readers, nor between the last value and the loss.
    @Test func theInputItselfHasSeveralReaders() throws {
        let input = Input(shape: [3])
        let output = Reshape(targetShape: [3, 1])(
            Add()(input, Activation(.tanh)(input), Rescaling(scale: 2)(input))
        )
        try expectRight(Model(inputs: input, outputs: output), batch: 37) { x, _ in
            Reference.add([x, Reference.activate(x, .tanh), x.map { 2 * $0 }]).reshaped([37, 3, 1])
        }
    }

    /// From probabilities the loss could not be more than -log(1e-7) = 16.1.
    @Test(arguments: [[Softmax()], [Activation(.softmax)], []] as [[any Layer]])
    func lossesStartFromTheLogitsOfASoftmaxLayer(_ end: [any Layer]) throws {
        let dense = Dense(
            units: 3,
            activation: end.isEmpty ? .softmax : .linear,
            kernelInitializer: .constant(0),
            name: "dense"
        )
        let model = try Sequential(inputShape: [2], layers: [dense] + end)
        try TestValues.setParameter("dense/bias", of: model, to: Tensor([200, 0, 100]))
        try model.compile(loss: .sparseCategoricalCrossentropy())
        let gradients = try model.gradients(Tensor([[1, 2], [3, 4]]), [1, 2] as Labels)
        #expect(gradients.loss == 150)
        #expect(gradients.parameters["dense/bias"]?.elements == [1, -0.5, -0.5])
    }

    /// A layer applied twice stands for two layers, with parameters of their own.
    @Test func aLayerAppliedTwiceIsTwoLayers() throws {
        let input = Input(shape: [3])
        let dense = Dense(units: 3)
        let model = try Model(inputs: input, outputs: dense(dense(input)))
        #expect(model.graph.nodes.map(\.name) == ["input_layer", "dense", "dense_1"])
        #expect(try TestValues.parameters(of: model).count == 4)
    }

    @Test func theOutputMustDependOnTheInput() throws {
        let error = try #require(throws: ConvNetError.self) {
            _ = try Model(inputs: Input(shape: [3]), outputs: Flatten()(Input(shape: [3])))
        }
        #expect(error.kind == .argument)
        #expect(error.location == "Model(inputs:outputs:)")
    }

    @Test func aSecondInputIsAnError() throws {
        let input = Input(shape: [3])
        let error = try #require(throws: ConvNetError.self) {
            _ = try Model(inputs: input, outputs: Add()(input, Input(shape: [3])))
        }
        #expect(error.kind == .argument)
    }

    @Test(arguments: [true, false], [true, false])
    func everyBranchOfTheBuilder(condition: Bool, has: Bool) throws {
        let optional: Dense? = has ? Dense(units: 9, name: "optional") : nil
        let model = try Sequential(inputShape: [4]) {
            Dense(units: 1, name: "first")
            if condition { Dense(units: 2, name: "if") }
            if condition {
                Dense(units: 3, name: "then")
            } else {
                Dense(units: 4, name: "else")
                Dense(units: 5, name: "else_too")
            }
            for units in 6..<8 { Dense(units: units, name: "for_\(units)") }
            if let optional { optional }
            [Dense(units: 10, name: "array"), Dense(units: 11, name: "array_too")]
            switch condition {
            case true: Dense(units: 12, name: "true")
            case false: Dense(units: 13, name: "false")
            }
        }
        let names =
            ["input_layer", "first"] + (condition ? ["if", "then"] : ["else", "else_too"]) + [
                "for_6", "for_7",
            ]
            + (has ? ["optional"] : []) + ["array", "array_too"] + (condition ? ["true"] : ["false"])
        #expect(model.graph.nodes.map(\.name) == names)
    }
}
