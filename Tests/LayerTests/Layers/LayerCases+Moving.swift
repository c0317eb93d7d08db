import Foundation
import SwiftConvNet
import TestSupport

/// Layers that move elements, that resize and normalise, and depthwise convolutions.
extension LayerCase {
    static let movingLayers: [LayerCase] =
        reshaping + upSampling + [
            LayerCase(
                name: "Resizing, cropped",
                layer: Resizing(height: 4, width: 4, interpolation: .bicubic, cropToAspectRatio: true),
                inputs: [[8, 5, 2]]
            ) { inputs, _ in
                // The largest square of 8 by 5 has 5 rows, from row 1 on.
                let middle = Reference.slice(inputs[0], [1, 0, 0], [5, 5, 2], [1, 1, 1])
                return Reference.resize(middle, height: 4, width: 4, .bicubic)
            },
            LayerCase(
                name: "Resizing, padded",
                layer: Resizing(height: 4, width: 8, padToAspectRatio: true, fillValue: 0.5),
                inputs: [[8, 4, 1]],
                batch: 9
            ) { inputs, _ in
                let padded = Reference.pad(inputs[0], [(0, 0), (6, 6), (0, 0)], fill: 0.5)
                return Reference.resize(padded, height: 4, width: 8, .bilinear)
            },
            LayerCase(
                name: "CenterCrop",
                layer: CenterCrop(height: 2, width: 3),
                inputs: [[5, 6, 2]]
            ) { inputs, _ in Reference.slice(inputs[0], [1, 1, 0], [2, 3, 2], [1, 1, 1]) },
            LayerCase(
                name: "CenterCrop of less",
                layer: CenterCrop(height: 6, width: 4),
                inputs: [[3, 5, 2]]
            ) { inputs, _ in
                let middle = Reference.slice(inputs[0], [0, 1, 0], [3, 2, 2], [1, 1, 1])
                return Reference.resize(middle, height: 6, width: 4, .bilinear)
            },
            LayerCase(
                name: "Rescaling of channels",
                layer: Rescaling(scale: [0.5, -2, 3], offset: [1]),
                inputs: [[4, 2, 3]],
                batch: 9
            ) { inputs, _ in
                var y = inputs[0]
                for place in y.elements.indices {
                    y.elements[place] = [0.5, -2, 3][place % 3] * y.elements[place] + 1
                }
                return y
            },
        ]
        + [[-1], [1], [1, 3], [2], [], [1, 2, 3]].flatMap { axis in
            [false, true].map { normalization(axis, invert: $0) }
        }

    private static let reshaping: [LayerCase] = [
        LayerCase(name: "Permute", layer: Permute(dims: [3, 1, 2]), inputs: [[2, 3, 4]]) { inputs, _ in
            Reference.transpose(inputs[0], [2, 0, 1])
        },
        LayerCase(name: "RepeatVector", layer: RepeatVector(n: 3), inputs: [[5]], batch: 9) { inputs, _ in
            Reference.tile(inputs[0].reshaped([9, 1, 5]), [3, 1])
        },
        LayerCase(
            name: "ZeroPadding1D",
            layer: ZeroPadding1D(padding: (2, 1)),
            inputs: [[3, 2]]
        ) { inputs, _ in Reference.pad(inputs[0], [(2, 1), (0, 0)]) },
        LayerCase(
            name: "ZeroPadding3D",
            layer: ZeroPadding3D(padding: ((1, 0), (0, 2), (1, 1))),
            inputs: [[2, 1, 3, 2]],
            batch: 9
        ) { inputs, _ in Reference.pad(inputs[0], [(1, 0), (0, 2), (1, 1), (0, 0)]) },
        LayerCase(
            name: "Cropping1D",
            layer: Cropping1D(cropping: (2, 1)),
            inputs: [[5, 2]]
        ) { inputs, _ in Reference.slice(inputs[0], [2, 0], [2, 2], [1, 1]) },
        LayerCase(name: "Cropping2D", layer: Cropping2D(cropping: [1, 2]), inputs: [[4, 5, 3]], batch: 9) {
            inputs,
            _ in
            Reference.slice(inputs[0], [1, 2, 0], [2, 1, 3], [1, 1, 1])
        },
        LayerCase(
            name: "Cropping3D",
            layer: Cropping3D(cropping: ((1, 0), (0, 2), (1, 1))),
            inputs: [[3, 4, 3, 2]]
        ) { inputs, _ in Reference.slice(inputs[0], [1, 0, 1, 0], [2, 2, 1, 2], [1, 1, 1, 1]) },
    ]

    private static let upSampling: [LayerCase] =
        [
            LayerCase(name: "UpSampling1D", layer: UpSampling1D(size: 3), inputs: [[4, 2]]) { inputs, _ in
                Reference.repeatElements(inputs[0], [3, 1])
            },
            LayerCase(
                name: "UpSampling3D",
                layer: UpSampling3D(size: [1, 3, 2]),
                inputs: [[2, 3, 2, 1]],
                batch: 9
            ) { inputs, _ in Reference.repeatElements(inputs[0], [1, 3, 2, 1]) },
            LayerCase(
                name: "UpSampling2D",
                layer: UpSampling2D(size: [2, 3]),
                inputs: [[3, 4, 17]],
                batch: 19
            ) { inputs, _ in Reference.repeatElements(inputs[0], [2, 3, 1]) },
        ]
        + Interpolation.allCases.dropFirst().map { interpolation in
            LayerCase(
                name: "UpSampling2D, \(interpolation)",
                layer: UpSampling2D(size: [4, 2], interpolation: interpolation),
                inputs: [[3, 5, 2]]
            ) { inputs, _ in Reference.resize(inputs[0], height: 12, width: 10, interpolation) }
        }

    /// Of images `[3, 2, 4]`.
    private static func normalization(_ axis: [Int], invert: Bool) -> LayerCase {
        let name = "Normalization, axis \(axis)\(invert ? ", inverted" : "")"
        return LayerCase(name: name, layer: Normalization(axis: axis, invert: invert), inputs: [[3, 2, 4]]) {
            inputs,
            parameters in
            let sizes = [3, 2, 4], kept = (0..<3).filter { axis.contains($0 + 1) || axis.contains($0 - 3) }
            func number(_ name: String, _ place: Int) -> Double {
                let index = [place / 8 % 3, place / 4 % 2, place % 4]
                return parameters[name]?.elements[kept.reduce(0) { $0 * sizes[$1] + index[$1] }] ?? .nan
            }
            var y = inputs[0]
            for place in y.elements.indices {
                let mean = number("mean", place), deviation = number("variance", place).squareRoot()
                let x = y.elements[place]
                y.elements[place] = invert ? x * deviation + mean : (x - mean) / deviation
            }
            return y
        }
    }

    // MARK: Depthwise and separable convolutions

    private static func depthwise(_ x: ReferenceTensor, _ kernel: ReferenceTensor?, _ settings: Depthwise)
        -> ReferenceTensor
    {
        let kernel = kernel ?? x, rank = settings.strides.count
        let (channels, multiplier) = (kernel.shape[rank], kernel.shape[rank + 1])
        return Reference.convolution(
            x,
            kernel: kernel.reshaped(kernel.shape.prefix(rank) + [1, channels * multiplier]),
            bias: nil,
            strides: settings.strides,
            padding: settings.padding,
            dilation: settings.dilation,
            groups: channels
        )
    }

    private struct Depthwise: Sendable {
        var strides: [Int]
        var dilation: [Int]
        var padding = Reference.WindowPadding.valid
        var activation = ActivationFunction.linear
    }

    private static func depthwise(
        _ name: String,
        _ input: Shape,
        _ layer: any Layer,
        _ settings: Depthwise,
        batch: Int = 2
    ) -> LayerCase {
        LayerCase(name: name, layer: layer, inputs: [input], batch: batch) { inputs, parameters in
            var y = depthwise(
                inputs[0],
                parameters["kernel"] ?? parameters["depthwise_kernel"],
                settings
            )
            if let pointwise = parameters["pointwise_kernel"] {
                let kernel = pointwise.reshaped(Array(pointwise.shape.suffix(2)))
                y = Reference.dense(y, kernel: kernel, bias: nil)
            }
            if let bias = parameters["bias"] {
                for place in y.elements.indices { y.elements[place] += bias.elements[place % y.channels] }
            }
            return Reference.activate(y, settings.activation)
        }
    }

    static let depthwiseConvolutions: [LayerCase] = [
        depthwise(
            "DepthwiseConv1D, causal, dilation 2",
            [9, 5],
            DepthwiseConv1D(kernelSize: 3, padding: .causal, depthMultiplier: 2, dilationRate: 2),
            Depthwise(strides: [1], dilation: [2], padding: .causal)
        ),
        depthwise(
            "DepthwiseConv1D, strides 2 and dilation 2, same",
            [10, 3],
            DepthwiseConv1D(kernelSize: 3, strides: 2, padding: .same, dilationRate: 2, activation: .tanh),
            Depthwise(strides: [2], dilation: [2], padding: .same, activation: .tanh)
        ),
        depthwise(
            "DepthwiseConv2D",
            [7, 6, 17],
            DepthwiseConv2D(kernelSize: 3, padding: .same, activation: .relu),
            Depthwise(strides: [1, 1], dilation: [1, 1], padding: .same, activation: .relu),
            batch: 11
        ),
        depthwise(
            "DepthwiseConv2D, multiplier 3, strides 2 and dilation 2",
            [9, 8, 2],
            DepthwiseConv2D(
                kernelSize: [3, 2],
                strides: 2,
                depthMultiplier: 3,
                dilationRate: 2,
                useBias: false
            ),
            Depthwise(strides: [2, 2], dilation: [2, 2])
        ),
        depthwise(
            "DepthwiseConv2D, strides 1 and 3",
            [6, 8, 4],
            DepthwiseConv2D(kernelSize: 3, strides: [1, 3], padding: .same),
            Depthwise(strides: [1, 3], dilation: [1, 1], padding: .same)
        ),
        depthwise(
            "DepthwiseConv2D, one channel",
            [5, 6, 1],
            DepthwiseConv2D(kernelSize: 2, depthMultiplier: 4),
            Depthwise(strides: [1, 1], dilation: [1, 1]),
            batch: 1
        ),
        depthwise(
            "SeparableConv1D, causal",
            [7, 3],
            SeparableConv1D(
                filters: 4,
                kernelSize: 3,
                padding: .causal,
                depthMultiplier: 2,
                activation: .relu
            ),
            Depthwise(strides: [1], dilation: [1], padding: .causal, activation: .relu)
        ),
        depthwise(
            "SeparableConv2D",
            [6, 5, 8],
            SeparableConv2D(filters: 5, kernelSize: 3, padding: .same, activation: .relu),
            Depthwise(strides: [1, 1], dilation: [1, 1], padding: .same, activation: .relu),
            batch: 11
        ),
        depthwise(
            "SeparableConv2D, multiplier 2, strides 2, no bias",
            [7, 8, 3],
            SeparableConv2D(filters: 4, kernelSize: [2, 3], strides: 2, depthMultiplier: 2, useBias: false),
            Depthwise(strides: [2, 2], dilation: [1, 1])
        ),
    ]
}
