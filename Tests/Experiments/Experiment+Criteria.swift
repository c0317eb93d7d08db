import SwiftConvNet

extension Experiment {
    /// A small network that is trained by one of the losses, and judged by many of the metrics, of the library: equal for equal seeds.
    ///
    /// The losses come up in turn, those of 60 seeds in a row every one. Every second seed has weights of samples.
    public init(criteriaSeed seed: UInt64) throws {
        var draw = Draw(seed: seed, topic: 5)
        let task = Criterion.all[Int(seed % UInt64(Criterion.all.count))]
        let batchSize = draw.one(of: [3, 8, 17])
        let count = 2 * batchSize + draw.below(batchSize) + 2
        let size = draw.integer(in: 3...5)
        let shape: Shape = [draw.integer(in: 3...6), draw.integer(in: 3...6), draw.integer(in: 1...3)]
        self.init(
            seed: seed,
            network: Network(
                inputShape: shape,
                layers: [
                    Conv2D(filters: 4, kernelSize: 2, activation: .relu), Flatten(),
                    Dense(units: size, activation: task.activation),
                ]
            ),
            data: try ArrayDataset(
                .values(draw.tensor(shape.batched(count))),
                task.targets.values(count, size, &draw)
            ),
            loss: task.loss(LossReduction.allCases[draw.below(LossReduction.allCases.count)]),
            optimizer: .sgd(learningRate: 0.001) as SGD
        )
        self.batchSize = batchSize
        metrics = task.targets.metrics(size)
        weightedMetrics = [LossMetric(loss, name: "same")]
        if seed % 2 == 0 { sampleWeight = (0..<count).map { _ in 1 + draw.uniform() } }
    }
}

/// A loss, with the targets and the last activation that belong to it.
private struct Criterion {
    enum Goal { case values, answers, oneHot, labels }

    let targets: Goal
    let activation: ActivationFunction
    let loss: (LossReduction) -> any Loss

    private init(
        _ targets: Goal,
        _ activation: ActivationFunction,
        _ loss: @escaping (LossReduction) -> any Loss
    ) {
        self.targets = targets
        self.activation = activation
        self.loss = loss
    }

    static var all: [Criterion] {
        [
            Criterion(.values, .linear) { .mse(reduction: $0) },
            Criterion(.values, .linear) { .mae(reduction: $0) },
            Criterion(.values, .linear) { .mape(reduction: $0) },
            Criterion(.values, .softplus) { .msle(reduction: $0) },
            Criterion(.values, .linear) { .huber(delta: 0.5, reduction: $0) },
            Criterion(.values, .linear) { .logCosh(reduction: $0) },
            Criterion(.values, .linear) { .cosineSimilarity(reduction: $0) },
            Criterion(.answers, .softplus) { .poisson(reduction: $0) },
            Criterion(.answers, .tanh) { .hinge(reduction: $0) },
            Criterion(.answers, .tanh) { .squaredHinge(reduction: $0) },
            Criterion(.answers, .sigmoid) { .binaryCrossentropy(reduction: $0) },
            Criterion(.answers, .sigmoid) { .binaryFocalCrossentropy(reduction: $0) },
            Criterion(.answers, .sigmoid) { .dice(reduction: $0) },
            Criterion(.answers, .sigmoid) { .tversky(alpha: 0.3, reduction: $0, axis: [1]) },
            Criterion(.oneHot, .linear) { .categoricalHinge(reduction: $0) },
            Criterion(.oneHot, .softmax) { .klDivergence(reduction: $0) },
            Criterion(.oneHot, .softmax) { .categoricalCrossentropy(reduction: $0) },
            Criterion(.oneHot, .softmax) { .categoricalFocalCrossentropy(reduction: $0) },
            Criterion(.labels, .softmax) { .categoricalGeneralizedCrossEntropy(reduction: $0) },
            Criterion(.labels, .softmax) { .sparseCategoricalCrossentropy(ignoreClass: 1, reduction: $0) },
            Criterion(.labels, .tanh) { .circle(gamma: 2, reduction: $0) },
        ]
    }
}

extension Criterion.Goal {
    func values(_ count: Int, _ size: Int, _ draw: inout Draw) throws -> Targets {
        switch self {
        case .values: return .values(try draw.tensor([count, size]))
        case .labels: return .labels(Labels((0..<count).map { _ in Int32(draw.below(size)) }))
        case .oneHot:
            return .values(
                try Labels((0..<count).map { _ in Int32(draw.below(size)) }).oneHot(classCount: size)
            )
        case .answers:
            return .values(
                try Tensor(shape: [count, size]) { values in
                    for index in values.indices { values[index] = Float(draw.below(2)) }
                }
            )
        }
    }

    func metrics(_ size: Int) -> [any Metric] {
        switch self {
        case .values:
            [.rmse(), .r2Score(), .pearsonCorrelation(), .concordanceCorrelation(), .cosineSimilarity()]
        case .answers:
            [
                .truePositives(), .trueNegatives(), .falsePositives(), .falseNegatives(), .precision(topK: 2),
                .recall(), .auc(multiLabel: true), .precisionAtRecall(0.5), .recallAtPrecision(0.5),
                .sensitivityAtSpecificity(0.5), .specificityAtSensitivity(0.5), .binaryIoU(),
                .f1Score(average: .macro, threshold: 0.5),
                .fBetaScore(average: .micro, beta: 2, threshold: 0.5),
            ]
        case .oneHot:
            [
                .oneHotIoU(numClasses: size, targetClassIds: [0, 1]), .oneHotMeanIoU(numClasses: size),
                .topKCategoricalAccuracy(k: 2),
            ]
        case .labels:
            [
                .ioU(numClasses: size, targetClassIds: [1], sparseYPred: false),
                .meanIoU(numClasses: size, sparseYPred: false), .accuracy,
            ]
        }
    }
}
