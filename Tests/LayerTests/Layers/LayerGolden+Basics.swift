import SwiftConvNet
import TestSupport

extension LayerGolden {
    /// The layers of the first networks.
    static let basicLayer: Family = { name, arguments in
        switch name {
        case "BatchNormalization":
            BatchNormalization(
                axis: arguments.integer("axis") ?? -1,
                momentum: arguments.number("momentum") ?? 0.99,
                epsilon: arguments.number("epsilon") ?? 1e-3,
                center: arguments.flag("center") ?? true,
                scale: arguments.flag("scale") ?? true
            )
        case "Dense":
            Dense(
                units: arguments.integer("units") ?? 0,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "ZeroPadding2D":
            arguments.sides("padding", axes: 2).map { ZeroPadding2D(padding: ($0[0], $0[1])) }
                ?? ZeroPadding2D()
        case "Rescaling":
            Rescaling(
                scale: arguments.numbers("scale") ?? [],
                offset: arguments.numbers("offset") ?? [0]
            )
        case "Flatten": Flatten()
        case "Reshape":
            Reshape(targetShape: Shape(arguments.integers("target_shape") ?? []))
        case "Add": Add()
        case "Concatenate": Concatenate(axis: arguments.integer("axis") ?? -1)
        default: nil
        }
    }
}
