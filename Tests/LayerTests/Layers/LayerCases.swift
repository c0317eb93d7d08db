import SwiftConvNet
import TestSupport

extension LayerCase {
    private static func conv(
        _ name: String,
        _ input: Shape,
        filters: Int,
        kernel: Size2D,
        strides: Size2D = 1,
        padding: Padding = .valid,
        dilation: Size2D = 1,
        groups: Int = 1,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        batch: Int = 2
    ) -> LayerCase {
        LayerCase(
            name: "Conv2D, \(name)",
            layer: Conv2D(
                filters: filters,
                kernelSize: kernel,
                strides: strides,
                padding: padding,
                dilationRate: dilation,
                groups: groups,
                activation: activation,
                useBias: useBias
            ),
            inputs: [input],
            batch: batch
        ) { inputs, parameters in
            let linear = Reference.conv2D(
                inputs[0],
                kernel: parameters["kernel"] ?? inputs[0],
                bias: parameters["bias"],
                strides: strides,
                padding: padding,
                dilation: dilation,
                groups: groups
            )
            return Reference.activate(linear, activation)
        }
    }

    static let convolutions: [LayerCase] = [
        conv("valid", [6, 5, 3], filters: 4, kernel: 3),
        conv("same", [6, 5, 3], filters: 4, kernel: 3, padding: .same),
        conv("no bias", [5, 6, 2], filters: 3, kernel: 3, useBias: false),
        conv("one pixel out", [3, 3, 2], filters: 2, kernel: 3, batch: 1),
        conv("window 1", [4, 5, 3], filters: 4, kernel: 1, activation: .relu),
        conv("window 1, strides 2", [5, 4, 3], filters: 2, kernel: 1, strides: 2),
        conv("strides 2", [7, 6, 2], filters: 3, kernel: 3, strides: 2),
        conv("strides 2, same", [7, 6, 2], filters: 3, kernel: 3, strides: 2, padding: .same),
        conv("strides 3 and 2, same", [8, 7, 2], filters: 3, kernel: 3, strides: [3, 2], padding: .same),
        conv("strides beyond the window", [7, 8, 2], filters: 2, kernel: 2, strides: 3),
        conv("dilation 2", [8, 7, 2], filters: 3, kernel: 3, dilation: 2),
        conv(
            "dilation 2 and 3, same",
            [6, 7, 2],
            filters: 3,
            kernel: [3, 2],
            padding: .same,
            dilation: [2, 3]
        ),
        conv("even window, same", [5, 6, 2], filters: 3, kernel: 2, padding: .same),
        conv(
            "window 4 by 2, strides 2, same",
            [9, 7, 2],
            filters: 2,
            kernel: [4, 2],
            strides: 2,
            padding: .same
        ),
        conv("window 1 by 5, same", [4, 8, 2], filters: 3, kernel: [1, 5], padding: .same),
        conv("window beyond the image, same", [3, 2, 2], filters: 2, kernel: 5, padding: .same, batch: 1),
        conv("groups 2", [5, 5, 4], filters: 6, kernel: 3, groups: 2),
        conv("groups 3, window 1", [4, 3, 6], filters: 3, kernel: 1, groups: 3),
        conv(
            "depthwise, same, strides 2",
            [5, 6, 3],
            filters: 6,
            kernel: 3,
            strides: 2,
            padding: .same,
            groups: 3
        ),
        conv("depthwise", [7, 9, 10], filters: 10, kernel: 3, groups: 10, activation: .relu),
        conv(
            "depthwise, same",
            [9, 4, 17],
            filters: 17,
            kernel: 3,
            padding: .same,
            groups: 17,
            activation: .tanh
        ),
        conv(
            "depthwise, 5 by 2, no bias",
            [8, 7, 8],
            filters: 16,
            kernel: [5, 2],
            groups: 8,
            useBias: false
        ),
        conv(
            "depthwise, dilation 2, same",
            [6, 7, 9],
            filters: 9,
            kernel: 3,
            padding: .same,
            dilation: 2,
            groups: 9
        ),
        conv(
            "direct, 33 filters",
            [9, 12, 3],
            filters: 33,
            kernel: 3,
            padding: .same,
            activation: .relu,
            batch: 11
        ),
        conv(
            "direct, one pixel",
            [1, 1, 3],
            filters: 8,
            kernel: 5,
            padding: .same,
            activation: .elu(),
            batch: 9
        ),
        conv("relu", [6, 5, 2], filters: 3, kernel: 3, activation: .relu),
        conv("tanh, same", [4, 5, 2], filters: 3, kernel: 3, padding: .same, activation: .tanh),
        conv("silu, a piece of its own", [4, 5, 2], filters: 3, kernel: 3, activation: .silu),
        conv("softmax", [4, 4, 2], filters: 3, kernel: 3, activation: .softmax),
        // More samples than shards and than one tile holds; shards of different sizes.
        conv("many samples", [5, 4, 2], filters: 3, kernel: 3, activation: .relu, batch: 19),
        conv("many samples, window 1", [3, 3, 2], filters: 3, kernel: 1, batch: 37),
        // More rows than an im2col block (128 of 3·3·40 and more) holds.
        conv("several blocks", [18, 14, 40], filters: 3, kernel: 3, padding: .same, batch: 1),
    ]

    private static func pool(
        _ input: Shape,
        size: Size2D,
        strides: Size2D,
        padding: Padding,
        batch: Int = 2
    ) -> [LayerCase] {
        let name =
            "window \(size.height) by \(size.width), strides \(strides.height) and \(strides.width), \(padding)"
        return [
            LayerCase(
                name: "MaxPooling2D, \(name)",
                layer: MaxPooling2D(poolSize: size, strides: strides, padding: padding),
                inputs: [input],
                batch: batch
            ) { inputs, _ in Reference.maxPool(inputs[0], size: size, strides: strides, padding: padding) },
            LayerCase(
                name: "AveragePooling2D, \(name)",
                layer: AveragePooling2D(poolSize: size, strides: strides, padding: padding),
                inputs: [input],
                batch: batch
            ) { inputs, _ in Reference.averagePool(inputs[0], size: size, strides: strides, padding: padding)
            },
        ]
    }

    static let poolings: [LayerCase] =
        pool([6, 4, 3], size: 2, strides: 2, padding: .valid)
        + pool([5, 7, 2], size: 2, strides: 2, padding: .valid, batch: 1)
        + pool([5, 7, 2], size: 2, strides: 2, padding: .same)
        + pool([8, 7, 2], size: 3, strides: 2, padding: .valid)
        + pool([8, 7, 17], size: 3, strides: 2, padding: .same)
        + pool([6, 6, 2], size: [3, 2], strides: [1, 2], padding: .same)
        + pool([9, 6, 2], size: 3, strides: 3, padding: .valid, batch: 11)
        + pool([8, 7, 2], size: 2, strides: 3, padding: .valid)
        + pool([8, 7, 2], size: 2, strides: 3, padding: .same)
        + pool([4, 5, 2], size: [4, 5], strides: 1, padding: .valid)
        + pool([3, 2, 2], size: 5, strides: 1, padding: .same)
        + [
            LayerCase(name: "GlobalAveragePooling2D", layer: GlobalAveragePooling2D(), inputs: [[3, 5, 4]]) {
                inputs,
                _ in
                Reference.globalAveragePool(inputs[0])
            },
            LayerCase(
                name: "GlobalAveragePooling2D, kept",
                layer: GlobalAveragePooling2D(keepDims: true),
                inputs: [[7, 1, 19]],
                batch: 9
            ) { inputs, _ in Reference.globalAveragePool(inputs[0]).reshaped([9, 1, 1, 19]) },
            LayerCase(name: "GlobalMaxPooling2D", layer: GlobalMaxPooling2D(), inputs: [[3, 5, 29]]) {
                inputs,
                _ in
                Reference.globalMaxPool(inputs[0])
            },
            LayerCase(
                name: "GlobalMaxPooling2D, kept",
                layer: GlobalMaxPooling2D(keepDims: true),
                inputs: [[2, 3, 3]],
                batch: 9
            ) { inputs, _ in Reference.globalMaxPool(inputs[0]).reshaped([9, 1, 1, 3]) },
        ]

    private static func dense(
        _ name: String,
        _ input: Shape,
        units: Int,
        activation: ActivationFunction = .linear,
        useBias: Bool = true,
        batch: Int = 4
    ) -> LayerCase {
        LayerCase(
            name: "Dense, \(name)",
            layer: Dense(units: units, activation: activation, useBias: useBias),
            inputs: [input],
            batch: batch
        ) { inputs, parameters in
            let linear = Reference.dense(
                inputs[0],
                kernel: parameters["kernel"] ?? inputs[0],
                bias: parameters["bias"]
            )
            return Reference.activate(linear, activation)
        }
    }

    static let denseLayers: [LayerCase] = [
        dense("one axis", [5], units: 3),
        dense("two axes", [3, 5], units: 4, batch: 2),
        dense("three axes, one sample", [2, 3, 4], units: 1, batch: 1),
        dense("no bias", [5], units: 3, useBias: false),
        dense("relu", [5], units: 7, activation: .relu),
        dense("sigmoid", [5], units: 3, activation: .sigmoid),
        dense("softmax", [5], units: 3, activation: .softmax),
        dense("gelu, a piece of its own", [5], units: 3, activation: .gelu()),
        // More than one tile of 64 each way.
        dense("several tiles", [70], units: 66, activation: .tanh, batch: 67),
    ]

    private static func normalization(
        _ name: String,
        _ input: Shape,
        center: Bool = true,
        scale: Bool = true,
        epsilon: Float = 1e-3,
        batch: Int = 4
    ) -> LayerCase {
        LayerCase(
            // Differences of numbers of the gradient's own size: a few more roundings.
            name: "BatchNormalization, \(name)",
            layer: BatchNormalization(epsilon: epsilon, center: center, scale: scale),
            inputs: [input],
            batch: batch,
            tolerance: 1e-4,
            isSameInUse: false
        ) { inputs, parameters in
            Reference.batchNormalization(
                inputs[0],
                gamma: parameters["gamma"],
                beta: parameters["beta"],
                epsilon: Double(epsilon)
            )
        }
    }

    static let normalizations: [LayerCase] = [
        normalization("images", [4, 3, 2]),
        normalization("vectors", [4], batch: 6),
        normalization("two axes", [3, 17], batch: 5),
        normalization("epsilon", [5], epsilon: 0.1, batch: 7),
        normalization("no center", [3, 3, 2], center: false),
        normalization("no scale", [3, 3, 2], scale: false),
        normalization("neither", [3, 3, 2], center: false, scale: false),
        normalization("one sample", [4, 5, 3], batch: 1),
        // More rows than a part holds: 32768 elements.
        normalization("several parts", [19, 21, 11], batch: 9),
    ]

    static let others: [LayerCase] = [
        LayerCase(name: "ZeroPadding2D", layer: ZeroPadding2D(), inputs: [[3, 2, 2]]) { inputs, _ in
            Reference.zeroPad(inputs[0], top: 1, bottom: 1, left: 1, right: 1)
        },
        LayerCase(
            name: "ZeroPadding2D, two sizes",
            layer: ZeroPadding2D(padding: [1, 2]),
            inputs: [[3, 2, 3]]
        ) { inputs, _ in
            Reference.zeroPad(inputs[0], top: 1, bottom: 1, left: 2, right: 2)
        },
        LayerCase(
            name: "ZeroPadding2D, four sides",
            layer: ZeroPadding2D(padding: ((1, 2), (0, 3))),
            inputs: [[2, 3, 2]],
            batch: 9
        ) { inputs, _ in Reference.zeroPad(inputs[0], top: 1, bottom: 2, left: 0, right: 3) },
        LayerCase(name: "Flatten", layer: Flatten(), inputs: [[2, 3, 2]]) { inputs, _ in
            inputs[0].reshaped([3, 12])
        },
        LayerCase(name: "Reshape", layer: Reshape(targetShape: [3, -1]), inputs: [[2, 3, 2]]) { inputs, _ in
            inputs[0].reshaped([3, 3, 4])
        },
        LayerCase(name: "Rescaling", layer: Rescaling(scale: 2.5, offset: -0.5), inputs: [[3, 4]]) {
            inputs,
            _ in
            inputs[0].map { 2.5 * $0 - 0.5 }
        },
        LayerCase(name: "Softmax", layer: Softmax(), inputs: [[2, 5]]) { inputs, _ in
            Reference.softmax(inputs[0])
        },
        LayerCase(name: "ReLU", layer: ReLU(), inputs: [[3, 7]]) { inputs, _ in inputs[0].map { max($0, 0) }
        },
        LayerCase(name: "ReLU, limit", layer: ReLU(maxValue: 1.1), inputs: [[3, 7]]) { inputs, _ in
            inputs[0].map { min(max($0, 0), Double(Float(1.1))) }
        },
        LayerCase(name: "ReLU, slope", layer: ReLU(negativeSlope: 0.25), inputs: [[3, 7]]) { inputs, _ in
            inputs[0].map { $0 > 0 ? $0 : 0.25 * $0 }
        },
        LayerCase(
            name: "ReLU, all settings",
            layer: ReLU(maxValue: 1.5, negativeSlope: 0.25, threshold: 0.5),
            inputs: [[3, 7]]
        ) { inputs, _ in inputs[0].map { $0 >= 1.5 ? 1.5 : $0 > 0.5 ? $0 : 0.25 * ($0 - 0.5) } },
        LayerCase(name: "ReLU, threshold", layer: ReLU(threshold: 0.5), inputs: [[3, 7]]) { inputs, _ in
            inputs[0].map { $0 > 0.5 ? $0 : 0 }
        },
        LayerCase(name: "Dropout of nothing", layer: Dropout(rate: 0), inputs: [[3, 7]]) { inputs, _ in
            inputs[0]
        },
    ]

    static let merges: [LayerCase] = [
        LayerCase(name: "Add, one", layer: Add(), inputs: [[2, 3]]) { inputs, _ in inputs[0] },
        LayerCase(name: "Add, two", layer: Add(), inputs: [[2, 3, 2], [2, 3, 2]]) { inputs, _ in
            Reference.add(inputs)
        },
        LayerCase(name: "Add, three", layer: Add(), inputs: [[5], [5], [5]], batch: 11) { inputs, _ in
            Reference.add(inputs)
        },
        LayerCase(name: "Add, a pixel to an image", layer: Add(), inputs: [[3, 2, 4], [1, 1, 4]]) {
            inputs,
            _ in
            Reference.add(inputs)
        },
        LayerCase(name: "Add, an image to a pixel", layer: Add(), inputs: [[1, 1, 4], [3, 2, 4]]) {
            inputs,
            _ in
            Reference.add(inputs)
        },
        LayerCase(name: "Add, both stretched", layer: Add(), inputs: [[3, 1, 4], [1, 2, 1], [3, 2, 4]]) {
            inputs,
            _ in
            Reference.add(inputs)
        },
        LayerCase(name: "Add, fewer axes", layer: Add(), inputs: [[4], [3, 2, 4]]) { inputs, _ in
            Reference.add([inputs[0].reshaped([3, 1, 1, 4]), inputs[1]])
        },
        LayerCase(name: "Concatenate, one", layer: Concatenate(), inputs: [[2, 3]]) { inputs, _ in inputs[0]
        },
        LayerCase(
            name: "Concatenate, channels",
            layer: Concatenate(),
            inputs: [[3, 2, 1], [3, 2, 3], [3, 2, 2]]
        ) { inputs, _ in
            Reference.concatenate(inputs, axis: 3)
        },
        LayerCase(
            name: "Concatenate, rows",
            layer: Concatenate(axis: 1),
            inputs: [[3, 2, 2], [1, 2, 2]],
            batch: 9
        ) { inputs, _ in Reference.concatenate(inputs, axis: 1) },
        LayerCase(
            name: "Concatenate, columns",
            layer: Concatenate(axis: -2),
            inputs: [[3, 2, 2], [3, 1, 2]]
        ) { inputs, _ in
            Reference.concatenate(inputs, axis: 2)
        },
    ]
}
