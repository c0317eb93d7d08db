import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// A loss with its definition in double precision, for a whole batch: the mean over all places.
struct LossOracle: Sendable, CustomTestStringConvertible {
    let name: String
    let loss: any Loss
    /// What the last layer applies; the definition includes it.
    var activation = ActivationFunction.linear
    let shape: Shape
    /// From the samples and the targets, one row of classes or values after the other, and the size of a row.
    let value: @Sendable (_ x: [Double], _ target: [Double], _ classes: Int) -> Double
    var usesProbabilities = false
    var isSparse = false

    var testDescription: String { name }

    static func rows(_ x: [Double], _ classes: Int) -> [ArraySlice<Double>] {
        stride(from: 0, to: x.count, by: classes).map { x[$0..<($0 + classes)] }
    }

    static func softmaxEntropy(_ x: [Double], _ target: [Double], _ classes: Int) -> Double {
        let losses = zip(rows(x, classes), rows(target, classes)).map { x, target in
            let sum = x.map(exp).reduce(0, +)
            return zip(x, target).map { -$1 * log(exp($0) / sum) }.reduce(0, +)
        }
        return losses.reduce(0, +) / Double(losses.count)
    }

    static func entropy(_ x: [Double], _ target: [Double], _ classes: Int) -> Double {
        let losses = zip(rows(x, classes), rows(target, classes)).map { x, target in
            let sum = x.reduce(0, +)
            return zip(x, target).map { -$1 * log($0 / sum) }.reduce(0, +)
        }
        return losses.reduce(0, +) / Double(losses.count)
    }

    static func binaryEntropy(_ p: Double, _ target: Double) -> Double {
        -target * log(p) - (1 - target) * log(1 - p)
    }

    static func mean(_ x: [Double], _ target: [Double], _ body: (Double, Double) -> Double) -> Double {
        zip(x, target).map(body).reduce(0, +) / Double(x.count)
    }

    static func smoothed(_ target: [Double], _ smoothing: Double, _ classes: Int) -> [Double] {
        target.map { $0 * (1 - smoothing) + smoothing / Double(classes) }
    }

    static let all = basics + catalogue

    private static let basics: [LossOracle] = [
        LossOracle(
            name: "sparse from logits",
            loss: .sparseCategoricalCrossentropy(fromLogits: true),
            shape: [5],
            value: softmaxEntropy,
            isSparse: true
        ),
        LossOracle(
            name: "sparse from logits of a map",
            loss: .sparseCategoricalCrossentropy(fromLogits: true),
            shape: [2, 3, 4],
            value: softmaxEntropy,
            isSparse: true
        ),
        LossOracle(
            name: "sparse after softmax",
            loss: .sparseCategoricalCrossentropy(),
            activation: .softmax,
            shape: [5],
            value: softmaxEntropy,
            isSparse: true
        ),
        LossOracle(
            name: "sparse from probabilities",
            loss: .sparseCategoricalCrossentropy(),
            shape: [5],
            value: entropy,
            usesProbabilities: true,
            isSparse: true
        ),
        LossOracle(
            name: "categorical from logits",
            loss: .categoricalCrossentropy(fromLogits: true),
            shape: [5],
            value: softmaxEntropy
        ),
        LossOracle(
            name: "categorical from probabilities of a map, smoothed",
            loss: .categoricalCrossentropy(labelSmoothing: 0.2),
            shape: [3, 4],
            value: { entropy($0, smoothed($1, 0.2, $2), $2) },
            usesProbabilities: true
        ),
        LossOracle(
            name: "categorical after softmax, smoothed",
            loss: .categoricalCrossentropy(labelSmoothing: 0.1),
            activation: .softmax,
            shape: [5],
            value: { softmaxEntropy($0, smoothed($1, 0.1, $2), $2) }
        ),
        LossOracle(
            name: "binary from probabilities",
            loss: .binaryCrossentropy(),
            shape: [3],
            value: { x, target, _ in mean(x, target, binaryEntropy) },
            usesProbabilities: true
        ),
        LossOracle(
            name: "binary from logits, smoothed",
            loss: .binaryCrossentropy(fromLogits: true, labelSmoothing: 0.1),
            shape: [3],
            value: { x, target, _ in
                mean(x, smoothed(target, 0.1, 2)) { binaryEntropy(1 / (1 + exp(-$0)), $1) }
            }
        ),
        LossOracle(
            name: "binary after sigmoid",
            loss: .binaryCrossentropy(),
            activation: .sigmoid,
            shape: [2, 2, 1],
            value: { x, target, _ in mean(x, target) { binaryEntropy(1 / (1 + exp(-$0)), $1) } }
        ),
        LossOracle(
            name: "squared",
            loss: .meanSquaredError(),
            shape: [2, 3],
            value: { x, target, _ in mean(x, target) { ($0 - $1) * ($0 - $1) } }
        ),
        LossOracle(
            name: "absolute",
            loss: .meanAbsoluteError(),
            shape: [4],
            value: { x, target, _ in mean(x, target) { abs($0 - $1) } }
        ),
    ]
}

@Suite("Losses against their definitions in double precision")
struct LossGradientTests {
    @Test("value, and gradient by finite differences", arguments: LossOracle.all)
    func gradient(_ oracle: LossOracle) throws {
        let batch = 3
        let count = batch * oracle.shape.elementCount
        let classes = try #require(oracle.shape.last)
        let random = Golden.uniform(stream: 7, count: count, limit: oracle.usesProbabilities ? 0.4 : 2)
        let x = random.map { oracle.usesProbabilities ? $0 + 0.5 : $0 }
        let model = try Sequential(inputShape: oracle.shape, layers: [Activation(oracle.activation)])
        try model.compile(loss: oracle.loss)
        let tensor = try Tensor(x, shape: oracle.shape.batched(batch))

        let target: [Float]
        let result: Gradients
        if oracle.isSparse {
            let labels = (0..<(count / classes)).map {
                Int(Golden.bits(stream: 9, index: UInt32($0))) % classes
            }
            target = try Labels(labels).oneHot(classCount: classes).elements
            if oracle.shape.rank == 1 {
                result = try model.gradients(tensor, Labels(labels), includingSamples: true)
            } else {
                let places = Shape(Array(oracle.shape.dropLast())).batched(batch)
                result = try model.gradients(
                    tensor,
                    Tensor(labels.map { Float($0) }, shape: places),
                    includingSamples: true
                )
            }
        } else {
            target = Golden.uniform(stream: 8, count: count, limit: 0.4).map { $0 + 0.5 }
            result = try model.gradients(
                tensor,
                Tensor(target, shape: oracle.shape.batched(batch)),
                includingSamples: true
            )
        }

        let wide = x.map(Double.init), wideTarget = target.map(Double.init)
        let whole = oracle.value(wide, wideTarget, classes)
        #expect(abs(result.loss - whole) < 1e-5 * max(1, abs(whole)))
        let gradient = try #require(result.samples).elements
        let expected = wide.indices.map { place in
            func value(_ step: Double) -> Double {
                var moved = wide
                moved[place] += step
                return oracle.value(moved, wideTarget, classes)
            }
            return Float((value(1e-5) - value(-1e-5)) / 2e-5)
        }
        #expect(relativeDifference(gradient, expected) < 1e-4)
    }

    @Test("the sigmoid of a dense layer or a convolution meets the loss before it is rounded")
    func sigmoidOfLayers() throws {
        // The logit 200 rounds to probability 1: from probabilities the loss would be 15.9, its gradient 0.
        let x = try Tensor([200], shape: [1, 1, 1, 1])
        let layers: [[any Layer]] = [
            [Flatten(), Dense(units: 1, activation: .sigmoid, kernelInitializer: .ones)],
            [Conv2D(filters: 1, kernelSize: 1, activation: .sigmoid, kernelInitializer: .ones), Flatten()],
            [Conv2D(filters: 1, kernelSize: 1, activation: .sigmoid, kernelInitializer: .ones)],
        ]
        for (place, layers) in layers.enumerated() {
            let model = try Sequential(inputShape: [1, 1, 1], layers: layers)
            try model.compile(loss: .binaryCrossentropy())
            let y = try Tensor([0], shape: model.outputShape.batched(1))
            let gradients = try model.gradients(x, y, includingSamples: true)
            // A layer between the sigmoid and the loss keeps the two apart.
            #expect(abs(gradients.loss - (place == 1 ? 15.942385 : 200)) < 1e-4)
            #expect(gradients.samples?.elements == [place == 1 ? 0 : 1])
        }
    }

    @Test("labels of 0 and 1 are the targets of a model with one output")
    func binaryLabels() throws {
        let model = try Sequential(inputShape: [1], layers: [Activation(.sigmoid)])
        try model.compile(loss: .binaryCrossentropy(), metrics: [.accuracy])
        let x = try Tensor([-1, 2, 3], shape: [3, 1])
        let byLabels = try model.evaluate(x, [0, 1, 0] as Labels)
        let byValues = try model.evaluate(x, Tensor([0, 1, 0], shape: [3, 1]))
        let flat = try model.evaluate(x, Tensor([0, 1, 0]))
        #expect(byLabels == byValues)
        #expect(byLabels == flat)
        let accuracy = try #require(byLabels["accuracy"])
        #expect(abs(accuracy - 2.0 / 3) < 1e-12)
        #expect(throws: ConvNetError.self) { try model.evaluate(x, [0, 1, 2] as Labels) }
    }
}
