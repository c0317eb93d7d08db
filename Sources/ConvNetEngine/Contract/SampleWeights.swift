/// How much each sample counts in the loss: Keras' `sample_weight` and `class_weight`. Neither changes what the sum of
/// losses is divided by.
///
/// Keras refuses both at once. Here they multiply, on purpose: a sample's weight and its class's weight answer two
/// questions, and who wants one of them alone gives one.
package struct SampleWeights: Sendable, Hashable {
    /// One weight per sample of the dataset; `nil` for 1 each.
    package var samples: [Float]?
    /// The weight of each class; a class without one counts 1.
    package var classes: [Int: Float]?

    /// Weights by sample, by class, by both, or none.
    package init(samples: [Float]? = nil, classes: [Int: Float]? = nil) {
        self.samples = samples
        self.classes = classes
    }

    package func weight(of sample: Int, label: Int?) -> Float {
        var weight = samples?[sample] ?? 1
        if let classes, let label, let factor = classes[label] { weight *= factor }
        return weight
    }

    /// The class that a sample's target values stand for, as Keras has it: the index of the largest of several, the
    /// first of equals; a single value is the class's number, rounded.
    package static func label(of target: UnsafeBufferPointer<Float>) -> Int? {
        target.count == 1 ? Int(exactly: target[0].rounded(.toNearestOrEven)) : argmax(target)
    }

    /// Checks the weights against the dataset that they are for.
    ///
    /// - Parameter argument: what errors call the weights of samples.
    package func validate(for dataset: any Dataset, as argument: String = "sampleWeight") throws {
        try Self.validate(samples, count: dataset.count, as: argument)
        if let classes {
            try Self.validate(Array(classes.values), count: classes.count, as: "classWeight")
        }
    }

    /// Checks that there is a weight for each sample, and that each can be one.
    package static func validate(
        _ weights: [Float]?,
        count: Int,
        as argument: String = "sampleWeight"
    ) throws {
        guard let weights else { return }
        guard weights.count == count else {
            throw ConvNetError(
                .argument,
                "There must be one weight per sample",
                at: argument,
                expected: "\(count)",
                received: "\(weights.count)"
            )
        }
        guard let odd = weights.first(where: { !$0.isFinite || $0 < 0 }) else { return }
        throw ConvNetError(
            .argument,
            "A weight is not a finite number of at least 0",
            at: argument,
            received: "\(odd)"
        )
    }

    /// Checks the weights of classes against the classes that the model tells apart.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a sample has no class, or a weight is of a class that is not there.
    package func validateClasses(for targets: TargetKind, output: Shape, loss: any Loss) throws {
        guard let classes else { return }
        guard targets.isClassPerSample else {
            throw ConvNetError(
                .argument,
                "Class weights need one class per sample",
                at: "classWeight",
                expected: "Labels, one-hot targets [classes], or one class number per sample",
                received: "\(targets)",
                remedy: "Give sampleWeight"
            )
        }
        guard let count = targets.classCount(output: output, loss: loss) else { return }
        let odd = classes.keys.filter { !(0..<count).contains($0) }.sorted()
        guard odd.isEmpty else {
            throw ConvNetError(
                .argument,
                "There is a weight of a class that the model does not have",
                at: "classWeight",
                expected: "classes in 0..<\(count)",
                received: odd.map(String.init).joined(separator: ", ")
            )
        }
    }
}

extension TargetKind {
    /// Whether a sample has one class: a label, one value, or a value for each class.
    fileprivate var isClassPerSample: Bool {
        switch self {
        case .none: false
        case .labels: true
        case .values(let shape): shape.elementCount == 1 || shape.rank == 1
        }
    }

    /// The number of classes where each sample has one; `nil` if nothing bounds them, as in a regression.
    fileprivate func classCount(output: Shape, loss: any Loss) -> Int? {
        if case .values(let shape) = self, shape.elementCount > 1 { return shape.elementCount }
        // A single target value is the number of a class, which the loss bounds as it bounds a label.
        guard (try? loss.validate(output: output, targets: .labels)) != nil else { return nil }
        return loss.classCount(output: output, targets: .labels)
    }
}
