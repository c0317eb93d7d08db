// Prints how many allocations each further step of training, and each further batch of an evaluation, makes.

import AllocationCounter
import SwiftConvNet

let batchSize = 32

/// MNIST's network, with a convolution that Winograd's path batches and a normalisation besides.
let images = try Sequential(inputShape: [28, 28, 1], seed: 1, options: ComputeOptions(threads: 2)) {
    Conv2D(filters: 32, kernelSize: 3, activation: .relu)
    MaxPooling2D(poolSize: 2)
    Conv2D(filters: 64, kernelSize: 3, activation: .relu)
    MaxPooling2D(poolSize: 2)
    Conv2D(filters: 16, kernelSize: 3, padding: .same, useBias: false)
    BatchNormalization()
    ReLU()
    Flatten()
    Dense(units: 128, activation: .relu)
    Dropout(rate: 0.5)
    Dense(units: 10, activation: .softmax)
}

let sequences = try Sequential(inputShape: [40, 3], seed: 1, options: ComputeOptions(threads: 2)) {
    Conv1D(filters: 8, kernelSize: 3, padding: .causal, activation: .relu)
    MaxPooling1D(poolSize: 2)
    Conv1DTranspose(filters: 8, kernelSize: 3, strides: 2)
    AdaptiveAveragePooling1D(outputSize: 7)
    GlobalMaxPooling1D()
    Dense(units: 10, activation: .softmax)
}

let volumes = try Sequential(inputShape: [8, 9, 10, 2], seed: 1, options: ComputeOptions(threads: 2)) {
    Conv3D(filters: 8, kernelSize: 3, padding: .same, activation: .relu)
    AveragePooling3D(poolSize: 2)
    Conv3DTranspose(filters: 4, kernelSize: 3, strides: 2)
    AdaptiveMaxPooling3D(outputSize: 2)
    GlobalAveragePooling3D()
    Dense(units: 10, activation: .softmax)
}

let moves = try Sequential(inputShape: [15, 17, 3], seed: 1, options: ComputeOptions(threads: 2)) {
    Resizing(height: 16, width: 12, interpolation: .bicubic)
    Normalization()
    SeparableConv2D(filters: 8, kernelSize: 3, padding: .same, activation: .relu)
    MaxPooling2D()
    UpSampling2D()
    Permute(dims: [2, 1, 3])
    Cropping2D(cropping: ((1, 2), (0, 3)))
    ZeroPadding2D()
    DepthwiseConv2D(kernelSize: 3, strides: 2, depthMultiplier: 2)
    UpSampling2D(interpolation: .bilinear)
    GlobalAveragePooling2D()
    Dense(units: 10, activation: .softmax)
}

let normalizations = try Sequential(inputShape: [12, 11, 4], seed: 1, options: ComputeOptions(threads: 2)) {
    GaussianNoise(stddev: 0.1)
    Conv2D(filters: 8, kernelSize: 3, activation: .hardSilu)
    GroupNormalization(groups: 4)
    PReLU(sharedAxes: [1, 2])
    SpatialDropout2D(rate: 0.2)
    LayerNormalization(axis: [1, 3])
    BatchNormalization(axis: 1)
    PReLU(sharedAxes: [2])
    AlphaDropout(rate: 0.1)
    Conv2D(filters: 8, kernelSize: 3, activation: .glu)
    Dropout(rate: 0.2, noiseShape: [1, nil, 1, nil])
    RMSNormalization()
    Activation(.custom(name: "square", value: { $0 * $0 }, derivative: { 2 * $0 }))
    GlobalAveragePooling2D()
    GaussianDropout(rate: 0.1)
    UnitNormalization()
    SpectralNormalization(Dense(units: 10, activation: .threshold(threshold: -1, defaultValue: -1)))
    Softmax()
}

let augmentation = try Sequential(inputShape: [15, 17, 3], seed: 1, options: ComputeOptions(threads: 2)) {
    RandomFlip()
    RandomRotation(factor: 0.1)
    RandomPerspective(factor: [0.5, 0.5], scale: 0.3)
    RandomElasticTransform(factor: 0.5)
    RandomErasing(factor: 0.5)
    RandomColorJitter(brightnessFactor: 0.2, contrastFactor: 0.2, saturationFactor: 0.5, hueFactor: 0.1)
    RandomGaussianBlur(factor: 0.5)
    RandAugment(valueRange: 0...1)
    AugMix(valueRange: 0...1)
    Pipeline {
        Solarization(valueRange: 0...1)
        RandomCrop(height: 12, width: 13)
    }
    ContrastLimitedAdaptiveHistogramEqualization(valueRange: 0...1)
    Flatten()
    Dense(units: 10, activation: .softmax)
}

/// Attention, gated channels and a closure: products, reductions, functions of one and of two operands, softmax along rows.
let attention: Model = try {
    let image = Input(shape: [6, 5, 4])
    let gate = Dense(units: 4, activation: .sigmoid)(GlobalAveragePooling2D(keepDims: true)(image))
    let x = Multiply()(image, gate)
    let y = LayerScale()(MultiHeadAttention(numHeads: 2, keyDim: 3, dropout: 0.1)(PositionEmbedding()(x)))
    let z = Lambda { x, ops in try ops.mean(ops.abs(ops.softmax(ops.exp(x), axis: 0)), axes: [0, 1]) }(y)
    return try Model(
        inputs: image,
        outputs: Dense(units: 10, activation: .softmax)(z),
        seed: 1,
        options: ComputeOptions(threads: 2)
    )
}()

/// A loss by a closure, which is a metric, too.
let closure = LambdaLoss(name: "distance") { target, prediction, ops in
    try ops.sqrt(ops.mean(ops.square(ops.subtract(prediction, target)), axes: [-1]))
}

/// Notes the number of allocations when the first sample of a step is read: within one call of `fit` or `evaluate`, for what they make
/// at their beginning varies by one or two.
final class WatchedDataset: Dataset, @unchecked Sendable {
    // Sendable: each place is written by the one thread that reads its sample, and read after the last step.
    private let base: ArrayDataset
    private let counts = UnsafeMutablePointer<Int>.allocate(capacity: 24)

    init(base: ArrayDataset) {
        self.base = base
        counts.initialize(repeating: 0, count: 24)
    }

    var count: Int { base.count }
    var fields: [Field] { base.fields }

    func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        if index.isMultiple(of: batchSize) { counts[index / batchSize] = allocation_count() }
        try base.read(index, in: reading, into: sample)
    }

    func count(atStep step: Int) -> Int { counts[step] }
}

/// Prints the allocations of twenty more steps of training and of twenty more batches of an evaluation.
func report(
    _ name: String,
    _ model: Model,
    loss: any Loss = .sparseCategoricalCrossentropy(),
    metrics: [any Metric] = [.accuracy]
) throws {
    try model.compile(optimizer: .adam(), loss: loss, metrics: metrics)
    let labels = (0..<(24 * batchSize)).map { Int32($0 % 10) }
    let samples = try Tensor(shape: Shape([labels.count] + model.inputShape.dimensions)) { values in
        for place in values.indices { values[place] = Float(place % 97) / 97 }
    }
    let data = WatchedDataset(base: try ArrayDataset(samples, Labels(labels)))
    func report(_ work: String, _ body: (WatchedDataset) throws -> Void) throws {
        // Twice before: plans, arena, threads, and what the runtime makes at a first call.
        for _ in 0..<3 { try body(data) }
        let (few, many) = (data.count(atStep: 3), data.count(atStep: 23))
        print("\(work) of \(name):", allocation_count() < 0 ? "unknown" : "\(many - few)")
    }
    try report("training") { try model.fit($0, batchSize: batchSize, verbose: .silent, shuffle: false) }
    try report("evaluation") { _ = try model.evaluate($0, batchSize: batchSize) }
}

try report("images", images)
try report("sequences", sequences)
try report("volumes", volumes)
try report("moves", moves)
try report("normalizations", normalizations)
try report("augmentation", augmentation)
try report("attention", attention)
try report("closure", sequences, loss: closure, metrics: [LossMetric(closure)])
