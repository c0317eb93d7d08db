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
        case "ZeroPadding2D": zeroPadding(arguments.take("padding")?.list ?? [])
        case "Rescaling":
            Rescaling(
                scale: (arguments.take("scale")?.list ?? []).compactMap(\.number).map { Float($0) },
                offset: (arguments.take("offset")?.list ?? [.number(0)]).compactMap(\.number).map {
                    Float($0)
                }
            )
        case "Flatten": Flatten()
        case "Reshape":
            Reshape(targetShape: Shape((arguments.take("target_shape")?.list ?? []).compactMap(\.integer)))
        case "Add": Add()
        case "Concatenate": Concatenate(axis: arguments.integer("axis") ?? -1)
        default: nil
        }
    }
}

private func zeroPadding(_ sides: [Golden.Argument]) -> ZeroPadding2D {
    let numbers = sides.map { $0.list.compactMap(\.integer) }
    guard numbers.count == 2 else { return ZeroPadding2D(padding: Size2D(numbers[0][0], numbers[0][0])) }
    return ZeroPadding2D(padding: ((numbers[0][0], numbers[0][1]), (numbers[1][0], numbers[1][1])))
}
