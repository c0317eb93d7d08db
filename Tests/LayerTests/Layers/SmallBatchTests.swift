import SwiftConvNet
import TestSupport
import Testing

/// Predictions have weights packed beforehand, and share out the outputs of an image where the batch is small.
@Suite("Predictions by packed weights, in small batches")
struct SmallBatchTests {
    struct Layout: CustomStringConvertible, Sendable {
        let input: Shape
        let layer: Conv2D

        var description: String { "\(input)→\(layer.filters), \(layer.kernelSize), \(layer.strides)" }
    }

    /// Enough multiplications to be shared out: by rows, by filters, by both; with and without borders, and with filters
    /// that make no whole panels.
    static let layouts = [
        Layout(
            input: [40, 37, 9],
            layer: Conv2D(filters: 16, kernelSize: 5, strides: 2, padding: .same, activation: .relu)
        ),
        Layout(
            input: [7, 7, 128],
            layer: Conv2D(filters: 144, kernelSize: [3, 2], padding: .same, useBias: false)
        ),
        Layout(
            input: [15, 15, 96],
            layer: Conv2D(filters: 128, kernelSize: 3, strides: 2, padding: .same, activation: .elu())
        ),
        Layout(input: [30, 14, 64], layer: Conv2D(filters: 256, kernelSize: 1, activation: .tanh)),
        Layout(input: [20, 20, 64], layer: Conv2D(filters: 43, kernelSize: 2, dilationRate: 3)),
        Layout(input: [7, 7, 160], layer: Conv2D(filters: 128, kernelSize: 3, padding: .same)),
    ]

    private func prediction(
        _ layout: Layout,
        batch: Int,
        _ path: ComputeOptions.ConvolutionPath,
        threads: Int = 2,
        normalizes: Bool = false
    ) throws -> Tensor {
        let model = try Sequential(
            inputShape: layout.input,
            layers: [layout.layer] + (normalizes ? [BatchNormalization(), ReLU(), Flatten()] : [Flatten()]),
            seed: 3,
            options: ComputeOptions(threads: threads, convolutionPath: path)
        )
        try TestValues.randomizeParameters(of: model, seed: 4)
        return try model.predict(TestValues.distinct(layout.input.batched(batch), seed: 5), batchSize: batch)
    }

    @Test(arguments: layouts, [1, 3, 7, 8, 17])
    func agreesWithTheDefinition(_ layout: Layout, batch: Int) throws {
        for normalizes in [false, true] {
            let expected = try prediction(layout, batch: batch, .naive, normalizes: normalizes)
            for path in [ComputeOptions.ConvolutionPath.automatic, .direct] {
                let found = try prediction(layout, batch: batch, path, normalizes: normalizes)
                // The rounding of sums of up to 1,440 products.
                expectClose(found, ReferenceTensor(expected), tolerance: 1e-5, "\(path)")
            }
        }
    }

    @Test(arguments: layouts)
    func theSameBitsAtAnyNumberOfWorkers(_ layout: Layout) throws {
        for batch in [1, 7] {
            let one = try prediction(layout, batch: batch, .automatic, threads: 1)
            for threads in [2, 3, 8] {
                #expect(try prediction(layout, batch: batch, .automatic, threads: threads) == one)
            }
        }
    }
}
