import SwiftConvNet
import TestSupport

extension LayerCase {
    /// A gradient through a normalisation is a difference of numbers of its own size: a few more roundings.
    private static let normalizationTolerance = 1e-4

    private static func layerNormalization(
        _ name: String,
        _ input: Shape,
        axis: Axes = -1,
        places: [Int],
        epsilon: Float = 1e-3,
        center: Bool = true,
        scale: Bool = true,
        batch: Int = 3
    ) -> LayerCase {
        LayerCase(
            name: "LayerNormalization, \(name)",
            layer: LayerNormalization(axis: axis, epsilon: epsilon, center: center, scale: scale),
            inputs: [input],
            batch: batch,
            tolerance: normalizationTolerance
        ) { inputs, parameters in
            Reference.normalize(
                inputs[0],
                axes: places,
                by: .deviation,
                epsilon: Double(epsilon),
                gamma: parameters["gamma"],
                beta: parameters["beta"]
            )
        }
    }

    private static func groupNormalization(
        _ name: String,
        _ input: Shape,
        groups: Int,
        axis: Int = -1,
        center: Bool = true,
        scale: Bool = true,
        batch: Int = 3
    ) -> LayerCase {
        LayerCase(
            name: "GroupNormalization, \(name)",
            layer: GroupNormalization(groups: groups, axis: axis, center: center, scale: scale),
            inputs: [input],
            batch: batch,
            tolerance: normalizationTolerance
        ) { inputs, parameters in
            let place = axis < 0 ? axis + input.rank + 1 : axis
            let channels = inputs[0].shape[place]
            let width = groups == -1 ? 1 : channels / groups
            return Reference.normalize(
                inputs[0],
                by: .deviation,
                epsilon: 1e-3,
                gamma: parameters["gamma"],
                beta: parameters["beta"],
                group: { [$0[0], $0[place] / width] },
                parameter: { $0[place] }
            )
        }
    }

    private static func batchNormalization(_ name: String, _ input: Shape, axis: Int) -> LayerCase {
        LayerCase(
            name: "BatchNormalization, \(name)",
            layer: BatchNormalization(axis: axis),
            inputs: [input],
            batch: 5,
            tolerance: normalizationTolerance,
            isSameInUse: false
        ) { inputs, parameters in
            let place = axis < 0 ? axis + input.rank + 1 : axis
            return Reference.normalize(
                inputs[0],
                by: .deviation,
                epsilon: 1e-3,
                gamma: parameters["gamma"],
                beta: parameters["beta"],
                group: { [$0[place]] },
                parameter: { $0[place] }
            )
        }
    }

    static let sampleNormalizations: [LayerCase] = [
        layerNormalization("vectors", [7], places: [1], batch: 9),
        layerNormalization("pixels", [3, 2, 35], places: [3]),
        layerNormalization("samples", [3, 2, 5], axis: [1, 2, 3], places: [1, 2, 3]),
        layerNormalization("two axes", [3, 2, 5], axis: [-1, 2], places: [2, 3], batch: 1),
        layerNormalization("first axis", [5, 3, 2], axis: 1, places: [1]),
        layerNormalization("axes apart", [4, 3, 2], axis: [1, 3], places: [1, 3], epsilon: 0.1),
        layerNormalization("no center", [2, 6], places: [2], center: false),
        layerNormalization("no scale", [2, 6], places: [2], scale: false),
        layerNormalization("neither", [2, 6], places: [2], center: false, scale: false),
        // Longer than a block of sums, 4096.
        layerNormalization("long rows", [40, 107], axis: [1, 2], places: [1, 2], batch: 1),
        groupNormalization("images", [3, 2, 6], groups: 2),
        groupNormalization("one group", [3, 2, 5], groups: 1, batch: 1),
        groupNormalization("instances", [4, 3, 19], groups: -1),
        groupNormalization("vectors", [12], groups: 3, batch: 11),
        groupNormalization("first axis", [6, 4, 3], groups: 2, axis: 1),
        groupNormalization("no center", [4, 8], groups: 4, center: false),
        groupNormalization("no scale", [4, 8], groups: 4, scale: false),
        groupNormalization("neither", [4, 8], groups: 4, center: false, scale: false),
        batchNormalization("first axis", [4, 3, 2], axis: 1),
        batchNormalization("middle axis", [4, 3, 2], axis: -2),
        LayerCase(
            name: "RMSNormalization",
            layer: RMSNormalization(),
            inputs: [[2, 3, 18]],
            tolerance: normalizationTolerance
        ) { inputs, parameters in
            Reference.normalize(
                inputs[0],
                axes: [3],
                by: .rootMeanSquare,
                epsilon: 1e-6,
                gamma: parameters["scale"]
            )
        },
        LayerCase(
            name: "RMSNormalization, axes apart",
            layer: RMSNormalization(axis: [1, 3], epsilon: 0.25),
            inputs: [[2, 3, 5]],
            batch: 9,
            tolerance: normalizationTolerance
        ) { inputs, parameters in
            Reference.normalize(
                inputs[0],
                axes: [1, 3],
                by: .rootMeanSquare,
                epsilon: 0.25,
                gamma: parameters["scale"]
            )
        },
        LayerCase(name: "UnitNormalization", layer: UnitNormalization(), inputs: [[4, 17]], batch: 1) {
            inputs,
            _ in
            Reference.normalize(inputs[0], axes: [2], by: .norm)
        },
        LayerCase(
            name: "UnitNormalization, samples",
            layer: UnitNormalization(axis: [1, 2, 3]),
            inputs: [[2, 3, 4]],
            batch: 9
        ) { inputs, _ in Reference.normalize(inputs[0], axes: [1, 2, 3], by: .norm) },
    ]

    private static func prelu(_ name: String, _ input: Shape, shared: [Int]?, batch: Int = 3) -> LayerCase {
        LayerCase(
            name: "PReLU, \(name)",
            layer: PReLU(sharedAxes: shared),
            inputs: [input],
            batch: batch
        ) { inputs, parameters in
            guard let alpha = parameters["alpha"] else { return inputs[0] }
            var y = inputs[0]
            for place in y.elements.indices where y.elements[place] < 0 {
                let index = inputs[0].index(of: place).dropFirst()
                let element = zip(index, alpha.shape).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
                y.elements[place] *= alpha.elements[element]
            }
            return y
        }
    }

    static let activationLayers: [LayerCase] = [
        prelu("each element", [3, 5], shared: nil),
        prelu("channels", [4, 3, 17], shared: [1, 2], batch: 9),
        prelu("rows", [4, 3, 2], shared: [2, 3]),
        prelu("last axis", [4, 3], shared: [-1], batch: 1),
        prelu("middle axis", [4, 3, 5], shared: [2]),
        prelu("one slope", [4, 3], shared: [1, 2], batch: 11),
        LayerCase(name: "LeakyReLU", layer: LeakyReLU(), inputs: [[3, 7]]) { inputs, _ in
            inputs[0].map { $0 > 0 ? $0 : Double(Float(0.3)) * $0 }
        },
        LayerCase(name: "ELU", layer: ELU(alpha: 0.5), inputs: [[3, 7]]) { inputs, _ in
            Reference.activate(inputs[0], .elu(alpha: 0.5))
        },
        LayerCase(name: "ReLU6", layer: ReLU(maxValue: 6), inputs: [[3, 7]]) { inputs, _ in
            Reference.activate(inputs[0], .relu6)
        },
    ]
}
