import SwiftConvNet

/// A head for a random network with the loss, the metrics and the targets that belong to it.
struct RandomTask {
    /// What the network is to learn.
    private enum Goal { case sparseClasses, oneHotClasses, binary, squaredError, absoluteError }
    /// How the activation of the last layer comes about.
    private enum Ending: CaseIterable {
        /// As a setting of the layer.
        case fused
        /// As a layer of its own.
        case separate
        /// Not at all: the loss takes logits, if it can.
        case logits
        /// Behind another layer, so that the loss cannot start from logits.
        case hidden
    }

    let loss: any Loss
    let metrics: [any Metric]
    private let goal: Goal
    private let outputShape: [Int]
    private let hasLabels: Bool

    /// Leads a network to predictions.
    init(finishing network: inout RandomNetwork) {
        goal = network.draw.one(of: [
            .sparseClasses, .sparseClasses, .oneHotClasses, .binary, .squaredError, .absoluteError,
        ])
        // Predictions of each pixel, or of each place of a sequence.
        let isMap =
            network.shape.count > 1 && network.shape.dropLast().reduce(1, *) <= 200 && network.draw.oneIn(3)
        if !isMap { network.flatten() }
        let size = goal == .binary ? network.draw.integer(in: 1...3) : network.draw.integer(in: 2...5)
        let ending = network.draw.one(of: Ending.allCases)
        let activation: ActivationFunction =
            switch goal {
            case .sparseClasses, .oneHotClasses: .softmax
            case .binary: .sigmoid
            case .squaredError, .absoluteError:
                network.draw.one(of: [.linear, .linear, .tanh, .softplus, .sigmoid])
            }
        Self.finish(&network, size: size, activation: activation, ending)
        outputShape = network.shape
        let fromLogits = ending == .logits
        let smoothing: Float = network.draw.one(of: [0, 0, 0.1])
        hasLabels = !isMap && network.draw.below(3) > 0
        switch goal {
        case .sparseClasses:
            loss = .sparseCategoricalCrossentropy(fromLogits: fromLogits)
            metrics = [.accuracy, .sparseTopKCategoricalAccuracy(k: 2), SparseCategoricalAccuracy()]
        case .oneHotClasses:
            loss = .categoricalCrossentropy(fromLogits: fromLogits, labelSmoothing: smoothing)
            metrics = [.accuracy, .topKCategoricalAccuracy(k: 2), CategoricalAccuracy()]
        case .binary:
            loss = .binaryCrossentropy(fromLogits: fromLogits, labelSmoothing: smoothing)
            metrics = [.accuracy, Accuracy(name: "equal"), BinaryAccuracy(threshold: fromLogits ? 0 : 0.4)]
        case .squaredError:
            loss = .mse()
            metrics = []
        case .absoluteError:
            loss = .mae()
            metrics = []
        }
    }

    private static func finish(
        _ network: inout RandomNetwork,
        size: Int,
        activation: ActivationFunction,
        _ ending: Ending
    ) {
        let given: ActivationFunction = ending == .fused || ending == .hidden ? activation : .linear
        let shape = Array(network.shape.dropLast() + [size])
        if shape.count == 3, network.draw.oneIn(2) {
            network.add(
                Conv2D(filters: size, kernelSize: 3, padding: .same, activation: given),
                shape: shape
            )
        } else {
            network.add(Dense(units: size, activation: given), shape: shape)
        }
        switch ending {
        case .fused, .logits: break
        case .separate: network.add(activation == .softmax ? Softmax() : Activation(activation))
        case .hidden: network.add(Reshape(targetShape: Shape(shape)))
        }
    }

    /// Whether targets are `Labels`, so that classes can have weights.
    var takesClassWeights: Bool { goal == .sparseClasses && hasLabels }

    /// Random targets of samples.
    func targets(_ count: Int, _ draw: inout Draw) throws -> Targets {
        let classes = outputShape[outputShape.count - 1]
        func whole(_ shape: [Int], below bound: Int) throws -> Tensor {
            try Tensor(shape: Shape([count] + shape)) { values in
                for index in values.indices { values[index] = Float(draw.below(bound)) }
            }
        }
        switch goal {
        case .sparseClasses where hasLabels:
            return .labels(Labels((0..<count).map { _ in Int32(draw.below(classes)) }))
        case .sparseClasses: return .values(try whole(outputShape.dropLast() + [1], below: classes))
        case .oneHotClasses:
            let labels = (0..<(count * outputShape.reduce(1, *) / classes)).map { _ in draw.below(classes) }
            return .values(
                try Tensor(shape: Shape([count] + outputShape)) { values in
                    for index in values.indices {
                        values[index] = labels[index / classes] == index % classes ? 1 : 0
                    }
                }
            )
        case .binary where hasLabels && outputShape == [1]:
            return .labels(Labels((0..<count).map { _ in Int32(draw.below(2)) }))
        case .binary: return .values(try whole(outputShape, below: 2))
        case .squaredError, .absoluteError: return .values(try draw.tensor(Shape([count] + outputShape)))
        }
    }
}
