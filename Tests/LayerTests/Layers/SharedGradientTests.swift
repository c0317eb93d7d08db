import SwiftConvNet
import TestSupport
import Testing

/// An addition gives its gradient on to all its operands in one place. Whoever changes a gradient, or adds to it, must have a
/// place of its own.
@Suite("Gradients that several values share")
struct SharedGradientTests {
    private typealias Values = [String: ReferenceTensor]

    private static func dense(
        _ x: ReferenceTensor,
        _ p: Values,
        _ name: String,
        _ activation: ActivationFunction = .linear
    ) -> ReferenceTensor {
        let sum = Reference.dense(x, kernel: p["\(name)/kernel"] ?? x, bias: p["\(name)/bias"])
        return Reference.activate(sum, activation)
    }

    private func expectGradients(
        _ batch: Int,
        _ build: (LayerOutput) throws -> LayerOutput,
        _ oracle: @escaping GradientCheck.Oracle
    ) throws {
        let input = Input(shape: [4])
        let model = try Model(inputs: input, outputs: build(input))
        try TestValues.randomizeParameters(of: model, seed: 3)
        let check = try GradientCheck(
            model,
            TestValues.distinct([batch, 4], seed: 4),
            tolerance: 1e-4,
            oracle: oracle
        )
        #expect(check.problems.isEmpty, "\(check.problems.joined(separator: "\n"))")
    }

    @Test("Operands that undo an activation in their gradient", arguments: [1, 9])
    func activated(batch: Int) throws {
        try expectGradients(batch) { x in
            Add()(
                Dense(units: 4, activation: .tanh, name: "a")(x),
                Dense(units: 4, activation: .sigmoid, name: "b")(x),
                Dense(units: 4, name: "c")(x)
            )
        } _: { x, p in
            Reference.add([
                Self.dense(x, p, "a", .tanh), Self.dense(x, p, "b", .sigmoid), Self.dense(x, p, "c"),
            ])
        }
    }

    @Test("An operand that is read elsewhere, too: its gradient is a sum", arguments: [1, 9])
    func residual(batch: Int) throws {
        try expectGradients(batch) { x in
            let first = Dense(units: 4, activation: .tanh, name: "a")(x)
            let second = Add()(first, Dense(units: 4, name: "b")(first))
            return Add()(second, Dense(units: 4, activation: .tanh, name: "c")(second))
        } _: { x, p in
            let first = Self.dense(x, p, "a", .tanh)
            let second = Reference.add([first, Self.dense(first, p, "b")])
            return Reference.add([second, Self.dense(second, p, "c", .tanh)])
        }
    }

    @Test("The same operand twice, and additions of additions", arguments: [1, 9])
    func repeated(batch: Int) throws {
        try expectGradients(batch) { x in
            let a = Dense(units: 4, activation: .tanh, name: "a")(x), b = Dense(units: 4, name: "b")(x)
            let twice = Add()(a, a)
            return Add()(Add()(twice, b), Add()(twice, a), b)
        } _: { x, p in
            let a = Self.dense(x, p, "a", .tanh), b = Self.dense(x, p, "b")
            return Reference.add([a, a, b, a, a, a, b])
        }
    }

    @Test("Sums with an activation, of one operand that learns nothing", arguments: [1, 9])
    func activatedSums(batch: Int) throws {
        try expectGradients(batch) { x in
            let a = Dense(units: 4, name: "a")(x)
            let sum = Activation(.tanh)(Add()(a, x))
            return Add()(sum, Activation(.sigmoid)(Add()(sum, a)))
        } _: { x, p in
            let a = Self.dense(x, p, "a")
            let sum = Reference.activate(Reference.add([a, x]), .tanh)
            return Reference.add([sum, Reference.activate(Reference.add([sum, a]), .sigmoid)])
        }
    }

    @Test("An addition of values with one reader each needs no memory for gradients of its own")
    func memory() throws {
        func bytes(_ join: (LayerOutput, LayerOutput) -> LayerOutput) throws -> Int {
            let input = Input(shape: [1000])
            let a = Dense(units: 1000)(input), b = Dense(units: 1000)(input)
            let model = try Model(inputs: input, outputs: join(a, b))
            try model.compile(loss: .mse())
            return try model.plannedMemory(batchSize: 64, for: .training).total
        }
        #expect(try bytes { Add()($0, $1) } < bytes { Subtract()($0, $1) })
    }
}
