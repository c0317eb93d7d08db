import SwiftConvNet
import TestSupport
import Testing

/// In a small batch more than one worker makes the output of a sample: what each makes is what one would have made.
@Suite("Parts of a sample, in small batches")
struct SamplePartsTests {
    /// A network with one layer that shares out its samples: images large enough for several parts, of odd sizes.
    struct Case: CustomStringConvertible, Sendable {
        let name: String
        let input: Shape
        let apply: @Sendable (LayerOutput) -> LayerOutput

        var description: String { "\(name) of \(input)" }

        init(_ name: String, _ input: Shape, _ apply: @escaping @Sendable (LayerOutput) -> LayerOutput) {
            self.name = name
            self.input = input
            self.apply = apply
        }
    }

    static let cases = [
        Case("DepthwiseConv2D, 3×3", [33, 47, 24]) {
            DepthwiseConv2D(kernelSize: 3, padding: .same, activation: .silu)($0)
        },
        Case("DepthwiseConv2D, 5×4, stride 2", [35, 46, 24]) {
            DepthwiseConv2D(kernelSize: [5, 4], strides: 2, padding: .same)($0)
        },
        Case("DepthwiseConv2D, dilated", [40, 41, 20]) {
            DepthwiseConv2D(kernelSize: 3, padding: .valid, dilationRate: 3)($0)
        },
        Case("DepthwiseConv2D, two filters a channel", [33, 47, 24]) {
            DepthwiseConv2D(kernelSize: 3, padding: .same, depthMultiplier: 2)($0)
        },
        Case("MaxPooling2D, 2×2", [65, 47, 24]) { MaxPooling2D(poolSize: 2)($0) },
        Case("MaxPooling2D, 3×3, stride 2", [65, 47, 24]) {
            MaxPooling2D(poolSize: 3, strides: 2, padding: .same)($0)
        },
        Case("AveragePooling2D, 3×3", [33, 47, 24]) {
            AveragePooling2D(poolSize: 3, strides: 1, padding: .same)($0)
        },
        Case("MaxPooling3D", [9, 20, 21, 12]) { MaxPooling3D(poolSize: 2, padding: .same)($0) },
        Case("an activation", [33, 47, 24]) { Activation(.tanh)($0) },
        Case("Add", [33, 47, 24]) { Add()([$0, ReLU()($0), $0]) },
        Case("Concatenate", [33, 47, 24]) { Concatenate()([$0, ReLU()($0), $0]) },
        Case("Multiply by one factor a channel", [33, 47, 24]) {
            Multiply()([$0, GlobalAveragePooling2D(keepDims: true)($0)])
        },
        Case("Multiply by one factor a row", [33, 47, 24]) {
            Multiply()([
                $0,
                Reshape(targetShape: [33, 1, 1])(
                    Flatten()(AveragePooling2D(poolSize: [1, 47])(Conv2D(filters: 1, kernelSize: 1)($0)))
                ),
            ])
        },
    ]

    @Test(arguments: cases)
    func sameBitsAsInALargeBatch(_ layout: Case) throws {
        for threads in [1, 3] {
            let input = Input(shape: layout.input)
            let model = try Model(
                inputs: [input],
                outputs: [layout.apply(input)],
                seed: 2,
                options: ComputeOptions(threads: threads)
            )
            let samples = try TestValues.distinct(layout.input.batched(9), seed: 5)
            let whole = try model.predict(samples, batchSize: 9)
            for batchSize in [1, 2, 7] {
                #expect(try model.predict(samples, batchSize: batchSize) == whole, "\(batchSize)")
            }
        }
    }

    /// Products of another number of rows may be rounded otherwise.
    @Test func rowsOfProducts() throws {
        let shape: Shape = [17, 16, 24]
        for layer in [Conv2D(filters: 43, kernelSize: 1), Conv2D(filters: 43, kernelSize: 3, padding: .same)]
        {
            let model = try Sequential(
                inputShape: shape,
                layers: [layer],
                seed: 2,
                options: ComputeOptions(convolutionPath: .im2col)
            )
            let samples = try TestValues.distinct(shape.batched(9), seed: 5)
            let whole = try model.predict(samples, batchSize: 9)
            for batchSize in [1, 2, 7] {
                // Sums of up to 216 products.
                let parts = try model.predict(samples, batchSize: batchSize)
                expectClose(parts, ReferenceTensor(whole), tolerance: 1e-5, "batches of \(batchSize)")
            }
        }
    }
}
