import SwiftConvNet

extension LayerCase {
    /// Normalisations, activations, and layers that join two inputs.
    static var elementwise: [LayerCase] {
        normalizations
            + functions.map { LayerCase(Activation($0.function, name: layerName), 8, [56, 56, 144], $0) }
            + functions.map { LayerCase(Activation($0.function, name: layerName), 8, [14, 14, 64], $0) }
            + softmaxes + merging
    }

    private static let functions: [NamedFunction] = [
        NamedFunction("relu", .relu), NamedFunction("gelu", .gelu()), NamedFunction("silu", .silu),
        NamedFunction("sigmoid", .sigmoid), NamedFunction("tanh", .tanh), NamedFunction("elu", .elu()),
        NamedFunction("leaky_relu", .leakyReLU()), NamedFunction("hardswish", .hardSilu),
    ]

    /// An activation with PyTorch's name of it.
    private struct NamedFunction {
        let name: String
        let function: ActivationFunction

        init(_ name: String, _ function: ActivationFunction) {
            self.name = name
            self.function = function
        }
    }

    private init(_ layer: Activation, _ batch: Int, _ shape: Shape, _ function: NamedFunction) {
        self.init(layer, batch, shape, function.name) { $0.function = function.name }
    }

    private static var softmaxes: [LayerCase] {
        let shapes: [(batch: Int, shape: Shape)] = [(32, [1000]), (8, [3, 197, 197]), (8, [56, 56, 21])]
        return shapes.map {
            LayerCase(
                Activation(.softmax, name: layerName),
                $0.batch,
                $0.shape,
                NamedFunction("softmax", .softmax)
            )
        }
    }

    private static var normalizations: [LayerCase] {
        // An image's channels; a vision transformer's and a ConvNeXt's features.
        let images: [(batch: Int, shape: Shape)] = [
            (8, [112, 112, 32]), (32, [14, 14, 256]), (8, [7, 7, 1280]),
        ]
        let features: [(batch: Int, shape: Shape)] = [
            (8, [197, 768]), (8, [56, 56, 96]), (1, [197, 192]),
        ]
        let groups: [(batch: Int, shape: Shape)] = [(8, [56, 56, 64]), (8, [32, 32, 128])]
        let epsilon: Float = 1e-3
        return images.map {
            LayerCase(BatchNormalization(epsilon: epsilon, name: layerName), $0.batch, $0.shape) {
                $0.epsilon = epsilon
            }
        }
            + features.map {
                LayerCase(LayerNormalization(epsilon: epsilon, name: layerName), $0.batch, $0.shape) {
                    $0.epsilon = epsilon
                }
            }
            + features.map {
                LayerCase(RMSNormalization(epsilon: epsilon, name: layerName), $0.batch, $0.shape) {
                    $0.epsilon = epsilon
                }
            }
            + groups.map {
                LayerCase(
                    GroupNormalization(groups: 32, epsilon: epsilon, name: layerName),
                    $0.batch,
                    $0.shape,
                    "32 groups"
                ) {
                    $0.epsilon = epsilon
                    $0.groups = 32
                }
            }
    }

    private static var merging: [LayerCase] {
        let layers: [any Layer] = [
            Add(name: layerName), Multiply(name: layerName), Concatenate(name: layerName),
        ]
        let shapes: [Shape] = [[56, 56, 64], [14, 14, 256]]
        return layers.flatMap { layer in
            shapes.map { LayerCase(layer, 8, $0, "two") { $0.inputs = 2 } }
        }
    }
}
