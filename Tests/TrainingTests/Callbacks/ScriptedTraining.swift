import SwiftConvNet
import Testing

/// A metric whose figure is the prediction, so that callbacks can be tried on any course of events.
struct ScriptedFigure: MeanMetric {
    static let kind = "ScriptedFigure"
    var name = "score"
    var isBetterWhenHigher = true

    func value(_ sample: MetricSample) -> Double { Double(sample.prediction[0]) }
}

/// A model whose weight is `1 + rate` after one epoch, `1 + 2 · rate` after two, and so on, and whose figures are
/// those of a script.
///
/// Each epoch is one step of SGD on one sample with the constant gradient -1.
func scriptedModel(rate: LearningRate = 1) throws -> Sequential {
    let model = try Sequential(inputShape: [1], layers: [Weight()])
    try model.compile(
        optimizer: .sgd(learningRate: rate),
        loss: PredictionLoss(),
        metrics: [ScriptedFigure()]
    )
    return model
}

/// Hands its input on, and has one parameter with the gradient -1.
struct Weight: SampleLayer {
    static let kind = "Weight"

    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func parameters(for inputs: [Shape]) throws -> [ParameterSpec] {
        [ParameterSpec("value", shape: [1], initializer: .ones)]
    }
    func forward(_ sample: SampleContext) { sample.output[0] = sample.input(0)[0] }
    func backward(_ sample: SampleContext) { sample.parameterGradient(0)[0] -= 1 }
}

/// The prediction itself is the loss.
struct PredictionLoss: Loss {
    static let kind = "PredictionLoss"
    func validate(output: Shape, targets: TargetKind) throws {}
    func evaluate(_ sample: LossSample) -> Float {
        sample.gradient?[0] = sample.scale
        return sample.prediction[0]
    }
}

/// One sample, whose value is the script's number of the epoch at hand.
///
/// It is a callback too, which is how it knows the epoch; only the thread that calls `fit` counts, between passes.
final class Script: SampleDataset, Callback, @unchecked Sendable {
    let figures: [Float]
    private var epoch = 0

    init(_ figures: [Float]) { self.figures = figures }

    var count: Int { 1 }
    var sampleShape: Shape { [1] }
    var targetKind: TargetKind { .values([1]) }
    var receivesBatches: Bool { false }

    func readSample(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
        destination[0] = figures[epoch]
    }

    func readTarget(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) { destination[0] = 0 }

    func receive(_ event: TrainingEvent, in session: TrainingSession) throws {
        if case .epochBegan(let number) = event { epoch = number - 1 }
    }
}

/// Trains a scripted model for as many epochs as the script has figures.
@discardableResult
func runScript(
    _ figures: [Float],
    on model: Model,
    callbacks: [any Callback],
    initialEpoch: Int = 0,
    validates: Bool = false
) throws -> History {
    let script = Script(figures)
    return try model.fit(
        script,
        batchSize: 1,
        epochs: figures.count,
        verbose: .silent,
        callbacks: [script] + callbacks,
        validationData: validates ? script : nil,
        initialEpoch: initialEpoch
    )
}

extension Model {
    /// The weight of a scripted model.
    var weight: Float { get throws { try value("weight/value").elements[0] } }
}
