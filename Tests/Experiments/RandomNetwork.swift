import SwiftConvNet

/// A network that grows by random layers and branches that fit.
///
/// It works out shapes by itself: a model whose shapes differ fails when it is made.
struct RandomNetwork {
    var draw: Draw
    private(set) var network: Network
    /// The value that the next layer reads.
    private(set) var output = 0
    /// Its shape, without the batch axis.
    private(set) var shape: [Int]
    /// Whether layers are large enough for kernels and tiles that small ones do not reach.
    let isWide: Bool

    /// The number of layers with random settings lies between 2 and 8.
    init(seed: UInt64, isWide: Bool) {
        draw = Draw(seed: seed, topic: 0)
        self.isWide = isWide
        shape =
            if isWide {
                [draw.integer(in: 12...26), draw.integer(in: 12...26), draw.one(of: [3, 8, 16])]
            } else {
                switch draw.below(12) {
                case 0: [draw.integer(in: 4...40)]
                case 1: [draw.integer(in: 3...9), draw.integer(in: 2...8)]
                default: [draw.integer(in: 4...14), draw.integer(in: 4...14), draw.integer(in: 1...4)]
                }
            }
        network = Network(inputShape: Shape(shape))
        for _ in 0..<draw.integer(in: 2...8) { grow() }
    }

    /// A network without layers.
    init(seed: UInt64, topic: UInt32, shape: (inout Draw) -> [Int]) {
        draw = Draw(seed: seed, topic: topic)
        isWide = false
        self.shape = shape(&draw)
        network = Network(inputShape: Shape(self.shape))
    }

    /// Applies a layer that leaves the shape as it is, or gives another.
    mutating func add(_ layer: any Layer, shape: [Int]? = nil) {
        output = network.append(layer, reading: [output])
        if let shape { self.shape = shape }
    }

    /// Adds a layer, a block or a branch.
    mutating func grow() {
        switch shape.count {
        case 3: growImage()
        case 2: growSequence()
        default: growVector()
        }
    }

    /// Joins values, of which this is the shape after it.
    mutating func join(_ values: [Int], by layer: any Layer, shape: [Int]) {
        output = network.append(layer, reading: values)
        self.shape = shape
    }

    /// Applies the layers that `body` adds to the output as it is now, and returns theirs; then goes back to it.
    mutating func branch(_ body: (inout RandomNetwork) -> Void) -> (output: Int, shape: [Int]) {
        let start = (output, shape)
        body(&self)
        defer { (output, shape) = start }
        return (output, shape)
    }

    /// Makes one axis of all.
    mutating func flatten() {
        let count = shape.reduce(1, *)
        switch (shape.count, draw.below(5)) {
        case (1, _): break
        case (3, 0): add(GlobalAveragePooling2D(), shape: [shape[2]])
        case (3, 1): add(GlobalMaxPooling2D(), shape: [shape[2]])
        case (3, 2):
            add(GlobalMaxPooling2D(keepDims: true), shape: [1, 1, shape[2]])
            add(Flatten(), shape: [shape[2]])
        case (_, 3): add(Reshape(targetShape: [-1]), shape: [count])
        default: add(Flatten(), shape: [count])
        }
    }

    // MARK: Settings

    mutating func activation() -> ActivationFunction {
        draw.one(of: [
            .linear, .linear, .relu, .relu, .relu, .sigmoid, .tanh, .leakyReLU(),
            .leakyReLU(negativeSlope: 0.1),
            .elu(), .elu(alpha: 0.5), .gelu(), .gelu(approximate: true), .silu, .softplus, .softmax,
        ])
    }

    /// An activation as a layer of its own.
    mutating func activationLayer() -> any Layer {
        switch draw.below(6) {
        case 0: ReLU()
        case 1: ReLU(negativeSlope: 0.1)
        case 2:
            ReLU(
                maxValue: draw.one(of: [nil, 1, 6]),
                negativeSlope: draw.one(of: [0, 0.2]),
                threshold: draw.one(of: [0, 0.1])
            )
        case 3 where draw.oneIn(2): Softmax()
        default: Activation(activation())
        }
    }

    mutating func kernelInitializer() -> any Initializer {
        switch draw.below(8) {
        case 0: .heNormal
        case 1: .lecunUniform
        case 2: .orthogonal()
        case 3: .truncatedNormal(standardDeviation: 0.2)
        case 4: .varianceScaling(scale: 1, mode: .fanOut, distribution: .untruncatedNormal)
        default: .glorotUniform
        }
    }

    mutating func biasInitializer() -> any Initializer {
        switch draw.below(3) {
        case 0: .randomNormal()
        case 1: .constant(0.1)
        default: .zeros
        }
    }

    mutating func normalization() -> BatchNormalization {
        BatchNormalization(
            momentum: draw.one(of: [0.99, 0.9, 0.5]),
            epsilon: draw.one(of: [1e-3, 1e-5]),
            center: !draw.oneIn(5),
            scale: !draw.oneIn(5),
            betaInitializer: biasInitializer(),
            gammaInitializer: draw.oneIn(3) ? .randomUniform(minimum: 0.5, maximum: 1.5) : .ones
        )
    }

    mutating func dense(units: Int) -> Dense {
        Dense(
            units: units,
            activation: activation(),
            useBias: !draw.oneIn(4),
            kernelInitializer: kernelInitializer(),
            biasInitializer: biasInitializer()
        )
    }

    // MARK: Sequences and vectors

    private mutating func growVector() {
        let size = shape[0]
        switch draw.below(12) {
        case 0: add(Dropout(rate: 0.5))
        case 1: add(normalization())
        case 2: add(activationLayer())
        case 3: add(Rescaling(scale: 0.5, offset: 0.25))
        case 4:
            let way = branch { $0.add($0.dense(units: size)) }
            join([output, way.output], by: Add(), shape: shape)
        case 5 where size <= 200:
            let units = draw.integer(in: 1...20)
            let way = branch { $0.add($0.dense(units: units), shape: [units]) }
            join([way.output, output], by: Concatenate(), shape: [units + size])
        case 6 where size % 4 == 0:
            add(Reshape(targetShape: [2, -1, 2]), shape: [2, size / 4, 2])
        default:
            let units = isWide && draw.oneIn(2) ? draw.integer(in: 60...300) : draw.integer(in: 2...40)
            add(dense(units: units), shape: [units])
        }
    }

    private mutating func growSequence() {
        let (length, size) = (shape[0], shape[1])
        switch draw.below(10) {
        case 0: add(Dropout(rate: 0.2))
        case 1: add(normalization())
        case 2: add(activationLayer())
        case 3:
            let way = branch { $0.add($0.dense(units: size)) }
            join([way.output, output], by: Add(), shape: shape)
        case 4 where length <= 100:
            join(
                [output, branch { $0.add($0.dense(units: size)) }.output],
                by: Concatenate(axis: 1),
                shape: [2 * length, size]
            )
        case 5: add(Reshape(targetShape: [length, 1, size]), shape: [length, 1, size])
        case 6: flatten()
        default:
            let units = draw.integer(in: 2...16)
            add(dense(units: units), shape: [length, units])
        }
    }
}
