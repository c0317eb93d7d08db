import SwiftConvNet
import TestSupport

/// Windows over sequences and volumes, and transposed ones.
extension LayerCase {
    private static func conv1D(
        _ name: String,
        _ input: Shape,
        _ layer: Conv1D,
        batch: Int = 2
    ) -> LayerCase {
        let padding: Reference.WindowPadding =
            switch layer.padding {
            case .valid: .valid
            case .same: .same
            case .causal: .causal
            }
        return LayerCase(name: "Conv1D, \(name)", layer: layer, inputs: [input], batch: batch) { inputs, p in
            let linear = Reference.convolution(
                inputs[0],
                kernel: p["kernel"] ?? inputs[0],
                bias: p["bias"],
                strides: [layer.strides],
                padding: padding,
                dilation: [layer.dilationRate],
                groups: layer.groups
            )
            return Reference.activate(linear, layer.activation)
        }
    }

    private static func conv3D(
        _ name: String,
        _ input: Shape,
        _ layer: Conv3D,
        batch: Int = 2
    ) -> LayerCase {
        LayerCase(name: "Conv3D, \(name)", layer: layer, inputs: [input], batch: batch) { inputs, p in
            let linear = Reference.convolution(
                inputs[0],
                kernel: p["kernel"] ?? inputs[0],
                bias: p["bias"],
                strides: [layer.strides.depth, layer.strides.height, layer.strides.width],
                padding: Reference.WindowPadding(layer.padding),
                dilation: [
                    layer.dilationRate.depth, layer.dilationRate.height, layer.dilationRate.width,
                ],
                groups: layer.groups
            )
            return Reference.activate(linear, layer.activation)
        }
    }

    static let sequencesAndVolumes: [LayerCase] = [
        conv1D("valid", [7, 3], Conv1D(filters: 4, kernelSize: 3, activation: .relu)),
        conv1D("same, strides 2", [8, 2], Conv1D(filters: 3, kernelSize: 4, strides: 2, padding: .same)),
        conv1D(
            "causal, dilation 2",
            [9, 2],
            Conv1D(filters: 3, kernelSize: 3, padding: .causal, dilationRate: 2, activation: .tanh)
        ),
        conv1D(
            "causal, longer than the sequence",
            [2, 3],
            Conv1D(filters: 2, kernelSize: 5, padding: .causal)
        ),
        conv1D("groups 2, no bias", [6, 4], Conv1D(filters: 6, kernelSize: 3, groups: 2, useBias: false)),
        conv1D(
            "depthwise",
            [9, 5],
            Conv1D(filters: 10, kernelSize: 3, padding: .same, groups: 5),
            batch: 11
        ),
        conv1D("many samples", [40, 3], Conv1D(filters: 5, kernelSize: 7, activation: .relu), batch: 19),
        conv3D("valid", [3, 4, 5, 2], Conv3D(filters: 3, kernelSize: [2, 3, 3], activation: .relu)),
        conv3D(
            "same, strides 2, 1 and 3",
            [4, 3, 5, 2],
            Conv3D(filters: 2, kernelSize: [3, 2, 3], strides: [2, 1, 3], padding: .same)
        ),
        conv3D(
            "same, dilation 2",
            [4, 3, 4, 1],
            Conv3D(filters: 2, kernelSize: 2, padding: .same, dilationRate: 2, activation: .tanh)
        ),
        conv3D(
            "groups 2, no bias",
            [3, 3, 3, 4],
            Conv3D(filters: 4, kernelSize: 2, groups: 2, useBias: false)
        ),
        conv3D(
            "a group for each channel",
            [3, 3, 4, 3],
            Conv3D(filters: 3, kernelSize: 3, padding: .same, groups: 3)
        ),
        conv3D("one plane", [1, 5, 4, 2], Conv3D(filters: 3, kernelSize: [1, 3, 3]), batch: 1),
        conv3D("window 1", [2, 3, 3, 3], Conv3D(filters: 4, kernelSize: 1), batch: 9),
        conv3D(
            "many samples",
            [3, 6, 5, 2],
            Conv3D(filters: 3, kernelSize: 3, padding: .same),
            batch: 17
        ),
    ]

    /// - Parameters:
    ///   - outputs: the sizes that the layer should make.
    ///   - before: what is cut off before each axis.
    private static func transposed(
        _ name: String,
        _ input: Shape,
        _ layer: any Layer,
        strides: [Int],
        dilation: [Int]? = nil,
        outputs: [Int],
        before: [Int],
        activation: ActivationFunction = .linear,
        batch: Int = 2
    ) -> LayerCase {
        LayerCase(
            name: "\(type(of: layer).kind), \(name)",
            layer: layer,
            inputs: [input],
            batch: batch
        ) { inputs, p in
            let linear = Reference.convolutionTransposed(
                inputs[0],
                kernel: p["kernel"] ?? inputs[0],
                bias: p["bias"],
                strides: strides,
                dilation: dilation ?? strides.map { _ in 1 },
                outputs: outputs,
                before: before
            )
            return Reference.activate(linear, activation)
        }
    }

    static let transposedConvolutions: [LayerCase] = [
        transposed(
            "valid",
            [4, 3],
            Conv1DTranspose(filters: 2, kernelSize: 3, strides: 2),
            strides: [2],
            outputs: [9],
            before: [0]
        ),
        transposed(
            "same",
            [4, 2],
            Conv1DTranspose(filters: 3, kernelSize: 4, strides: 2, padding: .same, activation: .relu),
            strides: [2],
            outputs: [8],
            before: [1],
            activation: .relu
        ),
        transposed(
            "strides beyond the window",
            [3, 2],
            Conv1DTranspose(filters: 2, kernelSize: 2, strides: 3),
            strides: [3],
            outputs: [9],
            before: [0]
        ),
        transposed(
            "output padding",
            [3, 2],
            Conv1DTranspose(filters: 2, kernelSize: 4, strides: 3, padding: .same, outputPadding: 2),
            strides: [3],
            outputs: [8],
            before: [1]
        ),
        transposed(
            "an even window without output padding",
            [3, 2],
            Conv1DTranspose(filters: 2, kernelSize: 4, strides: 2, padding: .same, outputPadding: 0),
            strides: [2],
            outputs: [4],
            before: [2]
        ),
        transposed(
            "dilation 2 and 3",
            [4, 3, 2],
            Conv2DTranspose(filters: 3, kernelSize: [3, 2], dilationRate: [2, 3]),
            strides: [1, 1],
            dilation: [2, 3],
            outputs: [8, 6],
            before: [0, 0]
        ),
        transposed(
            "dilation 2, same",
            [4, 3, 2],
            Conv2DTranspose(filters: 2, kernelSize: 3, padding: .same, dilationRate: 2),
            strides: [1, 1],
            dilation: [2, 2],
            outputs: [4, 3],
            before: [2, 2]
        ),
        transposed(
            "same, no bias",
            [3, 4, 3],
            Conv2DTranspose(
                filters: 2,
                kernelSize: 3,
                strides: 2,
                padding: .same,
                activation: .tanh,
                useBias: false
            ),
            strides: [2, 2],
            outputs: [6, 8],
            before: [0, 0],
            activation: .tanh,
            batch: 9
        ),
        transposed(
            "window 1",
            [3, 2, 4],
            Conv2DTranspose(filters: 3, kernelSize: 1),
            strides: [1, 1],
            outputs: [3, 2],
            before: [0, 0],
            batch: 17
        ),
        transposed(
            "three axes",
            [2, 3, 2, 2],
            Conv3DTranspose(filters: 2, kernelSize: [3, 2, 3], strides: [2, 1, 2], padding: .same),
            strides: [2, 1, 2],
            outputs: [4, 3, 4],
            before: [0, 0, 0]
        ),
        transposed(
            "many samples",
            [9, 8, 3],
            Conv2DTranspose(filters: 4, kernelSize: 2, strides: 2),
            strides: [2, 2],
            outputs: [18, 16],
            before: [0, 0],
            batch: 19
        ),
    ]

    private static func pooling(
        _ name: String,
        _ layer: any Layer,
        _ input: Shape,
        batch: Int = 2,
        _ oracle: @escaping @Sendable (ReferenceTensor) -> ReferenceTensor
    ) -> LayerCase {
        LayerCase(name: "\(type(of: layer).kind), \(name)", layer: layer, inputs: [input], batch: batch) {
            inputs,
            _ in
            oracle(inputs[0])
        }
    }

    static let poolingsOfOtherAxes: [LayerCase] = [
        pooling("same", MaxPooling1D(poolSize: 3, strides: 2, padding: .same), [8, 3]) {
            Reference.pool($0, [3], [2], .same, Reference.maximum)
        },
        pooling("valid", AveragePooling1D(poolSize: 2), [7, 17], batch: 9) {
            Reference.pool($0, [2], [2], .valid, Reference.mean)
        },
        pooling("valid", MaxPooling3D(), [4, 5, 4, 3]) {
            Reference.pool($0, [2, 2, 2], [2, 2, 2], .valid, Reference.maximum)
        },
        pooling(
            "same",
            MaxPooling3D(poolSize: [3, 2, 1], strides: [1, 2, 1], padding: .same),
            [3, 4, 2, 5]
        ) {
            Reference.pool($0, [3, 2, 1], [1, 2, 1], .same, Reference.maximum)
        },
        pooling("same", AveragePooling3D(poolSize: 3, strides: 2, padding: .same), [4, 3, 5, 2], batch: 9) {
            Reference.pool($0, [3, 3, 3], [2, 2, 2], .same, Reference.mean)
        },
        pooling("all", GlobalMaxPooling1D(), [7, 5]) { Reference.globalMaxPool($0) },
        pooling("all", GlobalAveragePooling1D(), [7, 5]) { Reference.globalAveragePool($0) },
        pooling("kept", GlobalMaxPooling3D(keepDims: true), [2, 3, 2, 5]) {
            Reference.globalMaxPool($0).reshaped([2, 1, 1, 1, 5])
        },
        pooling("kept", GlobalAveragePooling3D(keepDims: true), [2, 3, 2, 5]) {
            Reference.globalAveragePool($0).reshaped([2, 1, 1, 1, 5])
        },
        pooling("3 of 7", AdaptiveMaxPooling1D(outputSize: 3), [7, 4]) {
            Reference.adaptivePool($0, [3], Reference.maximum)
        },
        pooling("5 of 3", AdaptiveAveragePooling1D(outputSize: 5), [3, 4]) {
            Reference.adaptivePool($0, [5], Reference.mean)
        },
        pooling("3 by 2 of 7 by 5", AdaptiveMaxPooling2D(outputSize: [3, 2]), [7, 5, 3]) {
            Reference.adaptivePool($0, [3, 2], Reference.maximum)
        },
        pooling("one pixel", AdaptiveAveragePooling2D(outputSize: 1), [5, 4, 17], batch: 9) {
            Reference.adaptivePool($0, [1, 1], Reference.mean)
        },
        pooling("one pixel", AdaptiveMaxPooling2D(outputSize: 1), [5, 4, 3]) {
            Reference.adaptivePool($0, [1, 1], Reference.maximum)
        },
        pooling("2, 3 and 2 of 3, 5 and 4", AdaptiveMaxPooling3D(outputSize: [2, 3, 2]), [3, 5, 4, 2]) {
            Reference.adaptivePool($0, [2, 3, 2], Reference.maximum)
        },
        pooling("2, 3 and 2 of 3, 5 and 4", AdaptiveAveragePooling3D(outputSize: [2, 3, 2]), [3, 5, 4, 2]) {
            Reference.adaptivePool($0, [2, 3, 2], Reference.mean)
        },
    ]
}
