import SwiftConvNet

/// A network, its data, and how it is trained: what determines every bit that a run of it leaves.
///
/// It uses the public interface of the library alone, so that the same experiment can be run by two versions of it.
public struct Experiment {
    /// The seed of the model.
    public var seed: UInt64
    /// The layers.
    public var network: Network
    /// How to compute.
    public var options = ComputeOptions()
    /// What training minimises.
    public var loss: any Loss
    /// What is reported beside the loss.
    public var metrics: [any Metric] = []
    /// What is reported beside the loss, and counts the weights of samples.
    public var weightedMetrics: [any Metric] = []
    /// The rule that changes the parameters.
    public var optimizer: any Optimizer

    /// The samples to train on, with their targets.
    public var data: ArrayDataset
    /// The samples to validate on after each epoch, if they are not a part of `data`.
    public var validationData: ArrayDataset?
    /// The part of `data` that is set aside for validation.
    public var validationSplit = 0.0
    /// The epochs of `fit`.
    public var epochs = 1
    /// The samples of one step.
    public var batchSize = 32
    /// Whether each epoch has another order of samples.
    public var shuffles = true
    /// How much each class counts.
    public var classWeight: [Int: Float]?
    /// How much each sample counts.
    public var sampleWeight: [Float]?
    /// Whether a callback halves the learning rate in each epoch.
    public var halvesRate = false
    /// What happens to the first batch after `fit`.
    public var furtherSteps: [FurtherStep] = []
    /// Whether `gradients` computes the derivative by the samples, too.
    public var needsSampleGradient = true

    /// A step of training outside `fit`.
    public enum FurtherStep: Sendable {
        /// `trainOnBatch`.
        case trainOnBatch
        /// `gradients`, then `apply`.
        case applyGradients
    }

    /// An experiment with the defaults of `fit`.
    public init(
        seed: UInt64,
        network: Network,
        data: ArrayDataset,
        loss: any Loss,
        optimizer: any Optimizer
    ) {
        self.seed = seed
        self.network = network
        self.data = data
        self.loss = loss
        self.optimizer = optimizer
    }

    /// A new model, compiled.
    ///
    /// - Parameter threads: the number of workers; `nil` for the library's choice.
    public func model(threads: Int?) throws -> Model {
        var options = options
        options.threads = threads
        let model = try network.model(seed: seed, options: options)
        try model.compile(
            optimizer: optimizer,
            loss: loss,
            metrics: metrics,
            weightedMetrics: weightedMetrics
        )
        return model
    }

    /// The kinds of layers, loss, metrics and optimizer.
    public var kinds: Set<String> {
        Set(
            network.kinds + [type(of: loss).kind, type(of: optimizer).kind]
                + (metrics + weightedMetrics).map { type(of: $0).kind }
        )
    }
}

extension Experiment: CustomStringConvertible {
    /// All settings, and the layers with theirs: for whoever looks into a failure.
    public var description: String {
        let layers = network.nodes.enumerated().map { "\($0 + 1): \($1.inputs) \($1.layer)" }
        return """
            seed \(seed), \(options), \(loss), \(metrics), \(optimizer)
            \(data.count) samples \(data.sampleShape) in batches of \(batchSize), \(epochs) epochs, \
            \(data.targetKind), shuffled: \(shuffles), halved rate: \(halvesRate), \
            validation: \(validationData?.count ?? 0) samples and \(validationSplit) of the others, \
            class weights: \(classWeight.map { "\($0.sorted { $0.key < $1.key })" } ?? "none"), \
            sample weights: \(sampleWeight != nil), further steps: \(furtherSteps)
              0: \(network.inputShape)
              \(layers.joined(separator: "\n  "))
            """
    }
}
