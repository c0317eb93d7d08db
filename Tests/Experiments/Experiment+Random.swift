import SwiftConvNet

extension Experiment {
    /// A random architecture, with its data and how it is trained: equal for equal seeds.
    ///
    /// Every type of layer, loss, metric and optimizer of the library can come up, with most of their settings, in chains
    /// and in branches, and every path of convolutions and matrix products. Training takes two to ten steps, the last of
    /// an epoch mostly with fewer samples.
    public init(randomSeed seed: UInt64) throws {
        var draw = Draw(seed: seed, topic: 1)
        let isWide = draw.oneIn(8)
        try self.init(RandomNetwork(seed: seed, isWide: isWide), seed: seed, isWide: isWide, &draw)
    }

    /// The same for a network of windows over sequences, images and volumes.
    public init(windowsSeed seed: UInt64) throws {
        var draw = Draw(seed: seed, topic: 3)
        try self.init(RandomNetwork(windowsSeed: seed), seed: seed, isWide: false, &draw)
    }

    /// The same for a network of layers that combine, look up and attend.
    public init(operatorsSeed seed: UInt64) throws {
        var draw = Draw(seed: seed, topic: 5)
        try self.init(RandomNetwork(operatorsSeed: seed), seed: seed, isWide: false, &draw)
    }

    private init(_ grown: RandomNetwork, seed: UInt64, isWide: Bool, _ draw: inout Draw) throws {
        var grown = grown
        let task = RandomTask(finishing: &grown)

        let batchSize = isWide ? draw.one(of: [4, 16, 33]) : draw.one(of: [1, 2, 3, 8, 17, 20, 33])
        let count = 2 * batchSize + draw.below(batchSize) + 2
        let data = try Self.samples(count, grown.network.inputShape, task, &draw)
        self.init(
            seed: seed,
            network: grown.network,
            data: data,
            loss: task.loss,
            optimizer: Self.optimizer(&draw)
        )
        self.batchSize = batchSize
        metrics = task.metrics
        options = Self.options(&draw, isWide: isWide)
        epochs = isWide ? 1 : draw.integer(in: 1...2)
        shuffles = !draw.oneIn(4)
        switch draw.below(4) {
        case 0: validationSplit = 0.25
        case 1: validationData = try Self.samples(5, network.inputShape, task, &draw)
        default: break
        }
        if task.takesClassWeights, draw.oneIn(2) { classWeight = [0: 2, 1: 0.5] }
        if draw.oneIn(3) { sampleWeight = (0..<count).map { _ in 1 + draw.uniform() } }
        halvesRate = draw.oneIn(6)
        if draw.oneIn(3) { furtherSteps.append(.trainOnBatch) }
        // Whether `gradients` moves moving statistics is not what is compared here.
        if draw.oneIn(3), !network.kinds.contains(BatchNormalization.kind) {
            furtherSteps.append(.applyGradients)
        }
        needsSampleGradient = draw.oneIn(2)
    }

    private static func samples(
        _ count: Int,
        _ shape: Shape,
        _ task: RandomTask,
        _ draw: inout Draw
    ) throws -> ArrayDataset {
        let samples: ArrayDataset.Samples
        let shape = shape.batched(count)
        if draw.oneIn(4) {
            let bytes = (0..<shape.elementCount).map { _ in UInt8(draw.below(256)) }
            samples = .bytes(try ByteTensor(bytes, shape: shape, scale: 1 / 127.5, offset: -1))
        } else {
            samples = .values(try draw.tensor(shape))
        }
        return try ArrayDataset(samples, task.targets(count, &draw))
    }

    private static func optimizer(_ draw: inout Draw) -> any Optimizer {
        let clipping: GradientClipping? = draw.one(of: [nil, nil, .norm(0.5), .globalNorm(1), .value(0.1)])
        let isOdd = draw.oneIn(2), decays = draw.oneIn(3)
        let rate: LearningRate =
            draw.oneIn(4) ? .schedule { 0.01 / Float(1 + $0) } : draw.one(of: [0.001, 0.003, 0.01])
        switch draw.below(4) {
        case 0:
            return .sgd(
                learningRate: rate,
                momentum: draw.one(of: [0, 0.5, 0.9]),
                nesterov: isOdd,
                weightDecay: decays ? 0.01 : nil,
                clipping: clipping
            ) as SGD
        case 1:
            return .adam(
                learningRate: rate,
                amsgrad: isOdd,
                weightDecay: decays ? 0.01 : nil,
                clipping: clipping
            )
                as Adam
        case 2:
            return .adamW(
                learningRate: rate,
                weightDecay: decays ? 0.02 : 0.004,
                amsgrad: isOdd,
                clipping: clipping
            )
                as AdamW
        default:
            return .rmsprop(
                learningRate: rate,
                momentum: draw.one(of: [0, 0.5]),
                centered: isOdd,
                weightDecay: decays ? 0.01 : nil,
                clipping: clipping
            ) as RMSprop
        }
    }

    /// The library's choice of paths in half of the cases.
    private static func options(_ draw: inout Draw, isWide: Bool) -> ComputeOptions {
        var options = ComputeOptions()
        if draw.oneIn(4) { options.gemmPath = draw.one(of: GEMMPath.allCases) }
        if draw.oneIn(3) {
            options.convolutionPath = draw.one(of: ComputeOptions.ConvolutionPath.allCases)
        }
        // Loops in Swift take too long for large layers, above all in a debug build.
        if isWide { options.gemmPath = .openBLAS }
        if isWide, options.convolutionPath == .naive { options.convolutionPath = .im2col }
        return options
    }
}
