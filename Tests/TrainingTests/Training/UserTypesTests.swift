// This file uses what the package makes public, and nothing else.
import SwiftConvNet
import Testing

/// y = w · x, one weight per feature.
private struct Scale: SampleLayer {
    static let kind = "Scale"

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }

    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        [ParameterSpec("weight", shape: inputs[0], initializer: .ones)]
    }

    func forward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), y = sample.output
        for i in x.indices { y[i] = x[i] * w[i] }
    }

    func backward(_ sample: SampleContext) {
        let x = sample.input(0), w = sample.parameter(0), dy = sample.outputGradient
        for i in x.indices { sample.parameterGradient(0)[i] += dy[i] * x[i] }
        if sample.needsInputGradient(0) {
            for i in x.indices { sample.inputGradient(0)[i] = dy[i] * w[i] }
        }
    }
}

/// Huber's loss: squared near zero, absolute beyond 1.
private struct SmoothLoss: Loss {
    static let kind = "SmoothLoss"

    func validate(output: Shape, targets: TargetKind) throws {
        guard targets == .values(output) else {
            throw ConvNetError(.shape, "as many targets as outputs are needed")
        }
    }

    func evaluate(_ sample: LossSample) -> Float {
        var sum: Float = 0
        for i in sample.prediction.indices {
            let difference = sample.prediction[i] - sample.target[i]
            sum += abs(difference) < 1 ? difference * difference / 2 : abs(difference) - 0.5
            sample.gradient?[i] = sample.scale * min(max(difference, -1), 1) / Float(sample.prediction.count)
        }
        return sum / Float(sample.prediction.count)
    }
}

/// The largest error over all samples: a metric that is no mean.
private struct LargestError: Metric {
    static let kind = "LargestError"
    let name = "largest_error"
    let stateCount = 1
    let isBetterWhenHigher = false

    private enum CodingKeys: CodingKey {}

    func update(_ state: inout [Double], with sample: MetricSample) {
        for i in sample.prediction.indices {
            state[0] = max(state[0], Double(abs(sample.prediction[i] - sample.target[i])))
        }
    }

    func result(_ state: [Double]) -> Double { state[0] }
}

/// Steps by the sign of a moving mean of gradients.
private struct SignDescent: Optimizer {
    static let kind = "SignDescent"
    let learningRate: LearningRate
    var slots: [String] { ["mean"] }

    func validate() throws {}

    func update(_ part: OptimizerPart) {
        let mean = part.slot(0)
        for i in 0..<part.count {
            mean[i] = 0.5 * mean[i] + 0.5 * part.gradients[i]
            part.parameters[i] -= mean[i] > 0 ? part.learningRate : mean[i] < 0 ? -part.learningRate : 0
        }
    }
}

/// Halves the learning rate every tenth epoch, and ends training once an error is small.
private final class Tuner: Callback {
    var seen: [Int] = []
    var receivesBatches: Bool { false }

    func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        guard case .epochEnded(let record) = event else { return }
        seen.append(record.epoch)
        if record.epoch % 10 == 0 { session.learningRate /= 2 }
        if let error = record.values["largest_error"], error < 0.02 { session.stop(because: "good enough") }
    }
}

@Suite("Layers, losses, metrics, optimizers and callbacks from outside")
struct UserTypesTests {
    @Test("a model made of them learns")
    func trains() throws {
        let x = try Tensor(shape: [40, 3]) { Float($0[0] * 7 % 13) / 6 - 1 + Float($0[1]) / 10 }
        let y = try Tensor(shape: [40, 3]) { index in (Float(index[1]) - 1) * 0.5 * x[index[0], index[1]] }
        let model = try Sequential(inputShape: [3]) { Scale() }
        try model.compile(
            optimizer: SignDescent(learningRate: 0.05),
            loss: SmoothLoss(),
            metrics: [LargestError()]
        )
        let before = try model.evaluate(x, y)
        let tuner = Tuner()
        let history = try model.fit(x, y, batchSize: 16, epochs: 100, verbose: .silent, callbacks: [tuner])
        let after = try model.evaluate(x, y)
        #expect(history.stopReason == "good enough")
        #expect(tuner.seen == Array(1...tuner.seen.count))
        #expect(tuner.seen.count > 10 && tuner.seen.count < 100)
        let first = try #require(before["largest_error"]), last = try #require(after["largest_error"])
        #expect(first > 1)
        #expect(last < 0.05)
        #expect(throws: ConvNetError.self) { try model.fit(x, Tensor(zeros: [40, 2]), verbose: .silent) }
    }
}
