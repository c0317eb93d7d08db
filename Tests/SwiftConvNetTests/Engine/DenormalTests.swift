import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// One after the other, for they count in one place.
@Suite("Denormals", .serialized)
struct DenormalTests {
    @Test("They are zero on every worker, and the caller's setting is as before", arguments: [1, 3])
    func flushedAndRestored(threads: Int) throws {
        let model = try Sequential(
            inputShape: [4],
            layers: [Halving()],
            options: ComputeOptions(threads: threads)
        )
        let smallest = Float.leastNormalMagnitude
        let halves = try model.predict(Tensor(shape: [64, 4], repeating: smallest), batchSize: 64)
        #expect(halves.elements.allSatisfy { $0 == 0 })
        #expect(half(smallest) != 0)
    }

    @Test(
        "fit, evaluate, predict and predictors: layers both ways, loss and optimizer; restored after an error, too",
        arguments: [1, 3]
    )
    func everywhere(threads: Int) throws {
        let model = try Sequential(inputShape: [4], options: ComputeOptions(threads: threads)) {
            Dense(units: 4)
            Watching()
        }
        try model.compile(optimizer: WatchingSGD(), loss: WatchingLoss())
        let x = try TestValues.uniform([64, 4], seed: 1)
        let places = [Watch.forward, .backward, .loss, .optimizer]
        func expectFlushed(_ expected: Set<Watch>, _ call: String, _ body: () throws -> Void) rethrows {
            Watch.reset()
            try body()
            for place in places {
                #expect((Watch.seen(place) > 0) == expected.contains(place), "\(call), \(place)")
                #expect(Watch.unflushed(place) == 0, "\(call), \(place)")
            }
            #expect(half(.leastNormalMagnitude) != 0, "after \(call)")
        }
        try expectFlushed([.forward, .backward, .loss, .optimizer], "fit") {
            try model.fit(x, x, batchSize: 16, verbose: .silent)
        }
        try expectFlushed([.forward, .loss], "evaluate") { _ = try model.evaluate(x, x, batchSize: 16) }
        try expectFlushed([.forward], "predict") { _ = try model.predict(x, batchSize: 16) }
        let predictor = try model.predictor()
        try expectFlushed([.forward], "predictor") { _ = try predictor.predict(x, batchSize: 16) }

        let bad = try Tensor(shape: [64, 4]) { $0[0] == 20 ? .nan : 1 }
        expectFlushed([.forward, .backward, .loss, .optimizer], "an error") {
            #expect(throws: ConvNetError.self) {
                try model.fit(bad, x, batchSize: 16, verbose: .silent, shuffle: false)
            }
        }
    }

    @Test("Gradients are clipped with denormals flushed")
    func clipping() throws {
        // The norm is 0.5, so all is halved, and half of the second number is denormal.
        let model = try Sequential(
            inputShape: [2],
            layers: [Dense(units: 1, useBias: false, kernelInitializer: .zeros)]
        )
        try model.compile(
            optimizer: WatchingSGD(clipping: .globalNorm(0.25)),
            loss: .mse()
        )
        var gradients = try model.gradients(Tensor(zeros: [1, 2]), Tensor(zeros: [1, 1]))
        gradients.parameters["dense/kernel"] = try Tensor([0.5, .leastNormalMagnitude], shape: [2, 1])
        WatchingSGD.last.withLock { $0 = [] }
        try model.apply(gradients)
        #expect(WatchingSGD.last.withLock { $0 } == [0.25, 0])
        #expect(half(.leastNormalMagnitude) != 0)
    }
}

/// Where a thread computes, and how often denormals were found flushed or not.
private enum Watch: Int {
    case forward, backward, loss, optimizer

    private static let counts = Lock<[Int: (seen: Int, unflushed: Int)]>([:])

    static func reset() { counts.withLock { $0 = [:] } }
    static func seen(_ place: Watch) -> Int { counts.withLock { $0[place.rawValue]?.seen ?? 0 } }
    static func unflushed(_ place: Watch) -> Int { counts.withLock { $0[place.rawValue]?.unflushed ?? 0 } }

    static func look(_ place: Watch) {
        let isFlushed = half(.leastNormalMagnitude) == 0
        counts.withLock { counts in
            var count = counts[place.rawValue] ?? (0, 0)
            count.seen += 1
            count.unflushed += isFlushed ? 0 : 1
            counts[place.rawValue] = count
        }
    }
}

private struct Watching: SampleLayer {
    static let kind = "Watching"
    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func forward(_ sample: SampleContext) {
        Watch.look(.forward)
        for place in sample.output.indices { sample.output[place] = sample.input(0)[place] }
    }
    func backward(_ sample: SampleContext) {
        Watch.look(.backward)
        for place in sample.output.indices { sample.inputGradient(0)[place] = sample.outputGradient[place] }
    }
}

private struct WatchingLoss: Loss {
    static let kind = "WatchingLoss"
    func validate(output: Shape, targets: TargetKind) throws {}
    func evaluate(_ sample: LossSample) -> Float {
        Watch.look(.loss)
        return MeanSquaredError().evaluate(sample)
    }
}

private struct WatchingSGD: Optimizer {
    static let kind = "WatchingSGD"
    static let last = Lock<[Float]>([])

    var learningRate: LearningRate = 0.01
    var clipping: GradientClipping?

    func validate() throws {}
    func update(_ part: OptimizerPart) {
        Watch.look(.optimizer)
        let gradients = Array(UnsafeBufferPointer(start: part.gradients, count: part.count))
        Self.last.withLock { $0 = gradients }
        for place in 0..<part.count { part.parameters[place] -= part.learningRate * part.gradients[place] }
    }
}

private struct Halving: SampleLayer {
    static let kind = "Halving"
    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func forward(_ sample: SampleContext) {
        for place in sample.output.indices { sample.output[place] = half(sample.input(0)[place]) }
    }
    func backward(_ sample: SampleContext) {}
}

/// Not inlined, so that the compiler cannot compute it beforehand.
@inline(never) private func half(_ value: Float) -> Float { value / 2 }
