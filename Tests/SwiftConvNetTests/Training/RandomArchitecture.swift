import SwiftConvNet

/// A small network, with its data and how it is trained, drawn from a seed: what the same-bits test tries.
///
/// Every type of layer, loss, metric and optimizer of the library can come up, in chains and in branches.
struct RandomArchitecture {
    let seed: UInt64
    let loss: any Loss
    let optimizer: any Optimizer
    let metrics: [any Metric]
    let batchSize: Int
    let sampleCount: Int
    let data: ArrayDataset
    let classWeight: [Int: Float]?
    let inputShape: Shape
    let graph: Graph
    let options: ComputeOptions

    /// Batches of which the last is smaller; two steps in the first epoch, and three if there is a rest.
    init(seed: UInt64) throws {
        var draw = RandomStream(seed: seed, purpose: .user)
        self.seed = seed
        let image: Shape = [
            5 + draw.integer(below: 9), 5 + draw.integer(below: 9), 1 + draw.integer(below: 4),
        ]
        inputShape = image
        let classes = 2 + draw.integer(below: 4)
        batchSize = [1, 3, 8, 17, 20][draw.integer(below: 5)]
        sampleCount = 2 * batchSize + draw.integer(below: batchSize)

        var trunk = Trunk(Input(shape: image), image)
        for _ in 0..<(3 + draw.integer(below: 6)) { try trunk.grow(&draw) }
        let goal = draw.integer(below: 5)
        let head: (units: Int, activation: ActivationFunction) =
            switch goal {
            case 0, 1: (classes, .softmax)
            case 2: (1, .sigmoid)
            default: (classes, [.linear, .tanh, .softplus][draw.integer(below: 3)])
            }
        try trunk.finish(units: head.units, activation: head.activation, &draw)
        let input = trunk.input, output = trunk.output
        graph = try Model(inputs: input, outputs: output, seed: seed).graph

        let x = try Tensor(shape: image.batched(sampleCount)) { _ in draw.uniform(in: -1..<1) }
        let labels = (0..<sampleCount).map { _ in Int32(draw.integer(below: goal == 2 ? 2 : classes)) }
        switch goal {
        case 0:
            loss = .sparseCategoricalCrossentropy()
            metrics = [.accuracy, .sparseTopKCategoricalAccuracy(k: 2), SparseCategoricalAccuracy()]
            data = try ArrayDataset(x, Labels(labels))
        case 1:
            loss = .categoricalCrossentropy(labelSmoothing: Float(draw.integer(below: 2)) * 0.1)
            metrics = [.accuracy, .topKCategoricalAccuracy(k: 2), CategoricalAccuracy()]
            data = try ArrayDataset(
                x, Tensor(shape: [sampleCount, classes]) { labels[$0[0]] == Int32($0[1]) ? 1 : 0 })
        case 2:
            loss = .binaryCrossentropy()
            metrics = [.accuracy, .binaryAccuracy(threshold: 0.4), Accuracy(name: "equal")]
            data = try ArrayDataset(x, Tensor(shape: [sampleCount, 1]) { Float(labels[$0[0]]) })
        default:
            if goal == 3 { loss = .mse() } else { loss = .mae() }
            metrics = []
            data = try ArrayDataset(
                x, Tensor(shape: [sampleCount, classes]) { _ in draw.uniform(in: -1..<1) })
        }
        classWeight = goal == 0 && draw.integer(below: 2) == 0 ? [0: 2, 1: 0.5] : nil
        optimizer = Self.optimizer(&draw)
        options = ComputeOptions(
            gemmPath: draw.integer(below: 6) == 0 ? .simd : .openBLAS,
            convolutionPath: ComputeOptions.ConvolutionPath.allCases[
                max(0, draw.integer(below: 12) - 6)])
    }

    private static func optimizer(_ draw: inout RandomStream) -> any Optimizer {
        let clipping: GradientClipping? = [nil, nil, .norm(0.5), .globalNorm(1), .value(0.1)][
            draw.integer(below: 5)]
        let isOdd = draw.integer(below: 2) == 1
        switch draw.integer(below: 4) {
        case 0: return .sgd(momentum: isOdd ? 0.9 : 0, nesterov: isOdd, clipping: clipping) as SGD
        case 1: return .adam(amsgrad: isOdd, weightDecay: isOdd ? 0.01 : nil, clipping: clipping) as Adam
        case 2: return .adamW(amsgrad: isOdd, clipping: clipping) as AdamW
        default: return .rmsprop(momentum: isOdd ? 0.5 : 0, centered: isOdd, clipping: clipping) as RMSprop
        }
    }

    /// Everything that must not depend on the number of workers.
    struct Bits: Equatable {
        var parameters: [UInt32] = []
        var history: [UInt64] = []
        var predictions: [UInt32] = []
        var evaluation: [UInt64] = []
    }

    /// Trains one epoch of two or three steps, evaluates and predicts.
    func run(threads: Int) throws -> Bits {
        var options = options
        options.threads = threads
        let model = try Model(graph: graph, seed: seed, options: options)
        try model.compile(optimizer: optimizer, loss: loss, metrics: metrics)
        let history = try model.fit(
            data, batchSize: batchSize, classWeight: classWeight, verbose: .silent)
        func bits(_ values: MetricValues) -> [UInt64] {
            (["loss"] + metrics.map(\.name)).map { (values[$0] ?? .nan).bitPattern }
        }
        return Bits(
            parameters: model.parameters.flatMap { $0.values.elements.map(\.bitPattern) },
            history: history.epochs.flatMap { bits($0.values) },
            predictions: try model.predict(data, batchSize: batchSize).elements.map(\.bitPattern),
            evaluation: bits(try model.evaluate(data, batchSize: batchSize)))
    }

    /// The kinds of layers, loss, metrics and optimizer.
    var kinds: Set<String> {
        Set(
            graph.nodes.map { type(of: $0.layer).kind } + [type(of: loss).kind, type(of: optimizer).kind]
                + metrics.map { type(of: $0).kind })
    }
}

extension RandomArchitecture: CustomStringConvertible {
    var description: String {
        let layers = graph.nodes.map { "\($0.name) \($0.inputs) \($0.layer)" }.joined(separator: "\n  ")
        return """
            seed \(seed), \(sampleCount) samples in batches of \(batchSize), \(loss), \(optimizer), \
            class weights \(classWeight ?? [:]), \(options)
              \(layers)
            """
    }
}

/// A network on the way from its input, and the shape that it has come to.
private struct Trunk {
    let input: LayerOutput
    private(set) var output: LayerOutput
    private var shape: Shape

    init(_ input: LayerOutput, _ shape: Shape) {
        self.input = input
        output = input
        self.shape = shape
    }

    private mutating func add(_ layer: some Layer) throws {
        shape = try layer.outputShape(for: [shape])
        output = layer(output)
    }

    private static let activations: [ActivationFunction] = [
        .linear, .relu, .sigmoid, .tanh, .leakyReLU(), .elu(), .gelu(), .gelu(approximate: true), .silu,
        .softplus,
        .softmax,
    ]

    private func activation(_ draw: inout RandomStream) -> ActivationFunction {
        Self.activations[draw.integer(below: Self.activations.count)]
    }

    /// Adds a layer or a branch that fits.
    mutating func grow(_ draw: inout RandomStream) throws {
        if shape.rank == 3 { try growImage(&draw) } else { try growVector(&draw) }
    }

    private func convolution(_ draw: inout RandomStream, filters: Int) -> Conv2D {
        let strides = draw.integer(below: 4) == 0 ? 2 : 1
        let dilation = strides == 1 && draw.integer(below: 5) == 0 ? 2 : 1
        let isDepthwise = draw.integer(below: 4) == 0
        return Conv2D(
            filters: isDepthwise ? shape[2] * (1 + draw.integer(below: 2)) : filters,
            kernelSize: [1, 3, 3, [2, 3]][draw.integer(below: 4)], strides: Size2D(strides, strides),
            padding: .same, dilationRate: Size2D(dilation, dilation), groups: isDepthwise ? shape[2] : 1,
            activation: activation(&draw), useBias: draw.integer(below: 3) > 0)
    }

    private mutating func growImage(_ draw: inout RandomStream) throws {
        switch draw.integer(below: 14) {
        case 0, 1, 2: try add(convolution(&draw, filters: 1 + draw.integer(below: 12)))
        case 3:
            try add(MaxPooling2D(poolSize: 2, strides: draw.integer(below: 2) == 0 ? 1 : 2, padding: .same))
        case 4: try add(AveragePooling2D(poolSize: [3, 2], strides: 2, padding: .same))
        case 5: try add(ZeroPadding2D(padding: ((1, 0), (0, 2))))
        case 6: try add(BatchNormalization(momentum: 0.9))
        case 7: try add(Dropout(rate: 0.3))
        case 8: try add(ReLU(maxValue: draw.integer(below: 2) == 0 ? nil : 1, negativeSlope: 0.1))
        case 9: try add(Rescaling(scale: 1.5, offset: -0.1))
        case 10: try branch(&draw, joining: Add())
        case 11: try branch(&draw, joining: Concatenate())
        case 12: try add(Reshape(targetShape: [shape[0], -1, shape[2]]))
        default: try add(Activation(activation(&draw)))
        }
    }

    private mutating func growVector(_ draw: inout RandomStream) throws {
        switch draw.integer(below: 5) {
        case 0: try add(Dropout(rate: 0.5))
        case 1: try add(BatchNormalization())
        case 2: try add(Activation(activation(&draw)))
        default: try add(Dense(units: 2 + draw.integer(below: 40), activation: activation(&draw)))
        }
    }

    /// Two ways from here, one of them perhaps the identity, that meet again.
    private mutating func branch(_ draw: inout RandomStream, joining layer: some Layer) throws {
        let filters = shape[2]
        func way() -> LayerOutput {
            let first = Conv2D(
                filters: filters, kernelSize: draw.integer(below: 2) == 0 ? 1 : 3, padding: .same,
                activation: activation(&draw))(output)
            return draw.integer(below: 2) == 0 ? BatchNormalization()(first) : first
        }
        let a = way()
        let b = draw.integer(below: 2) == 0 ? output : way()
        shape = try layer.outputShape(for: [shape, shape])
        output = layer(a, b)
    }

    /// Leads to the prediction.
    mutating func finish(units: Int, activation: ActivationFunction, _ draw: inout RandomStream) throws {
        if shape.rank == 3 {
            switch draw.integer(below: 3) {
            case 0: try add(GlobalAveragePooling2D())
            case 1: try add(GlobalMaxPooling2D())
            default: try add(Flatten())
            }
        }
        for _ in 0..<draw.integer(below: 3) { try growVector(&draw) }
        if activation == .softmax, draw.integer(below: 3) == 0 {
            try add(Dense(units: units))
            try add(Softmax())
        } else {
            try add(Dense(units: units, activation: activation))
        }
    }
}
