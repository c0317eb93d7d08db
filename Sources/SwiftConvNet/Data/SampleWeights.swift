/// How much each sample counts in the loss, as Keras' `sample_weight` and `class_weight`: the two multiply, and
/// neither changes what the sum of losses is divided by.
public struct SampleWeights: Sendable, Hashable {
    /// One weight per sample of the dataset; `nil` for 1 each.
    public var samples: [Float]?
    /// The weight of each class; a class without one counts 1.
    public var classes: [Int: Float]?

    /// Weights by sample, by class, by both, or none.
    public init(samples: [Float]? = nil, classes: [Int: Float]? = nil) {
        self.samples = samples
        self.classes = classes
    }

    func weight(of sample: Int, label: Int?) -> Float {
        var weight = samples?[sample] ?? 1
        if let classes, let label, let factor = classes[label] { weight *= factor }
        return weight
    }

    /// Checks the weights against the dataset that they are for.
    func validate(for dataset: any Dataset) throws {
        if let samples, samples.count != dataset.count {
            throw ConvNetError(
                .argument, "There must be one weight per sample", at: "sampleWeight",
                expected: "\(dataset.count)",
                received: "\(samples.count)")
        }
        if classes != nil, dataset.targetKind != .labels {
            throw ConvNetError(
                .argument, "Class weights need integer classes", at: "classWeight",
                expected: "Labels as targets",
                received: "\(dataset.targetKind)")
        }
        let all = (samples ?? []) + (classes.map { Array($0.values) } ?? [])
        if let odd = all.first(where: { !$0.isFinite || $0 < 0 }) {
            throw ConvNetError(.argument, "A weight is not a finite number of at least 0", received: "\(odd)")
        }
    }
}
