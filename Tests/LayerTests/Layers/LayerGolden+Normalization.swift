import SwiftConvNet
import TestSupport

extension LayerGolden {
    /// Normalisation of samples.
    static let normalizationLayer: Family = { name, arguments in
        switch name {
        case "LayerNormalization":
            LayerNormalization(
                axis: arguments.axes(),
                epsilon: arguments.number("epsilon") ?? 1e-3,
                center: arguments.flag("center") ?? true,
                scale: arguments.flag("scale") ?? true
            )
        case "GroupNormalization":
            GroupNormalization(
                groups: arguments.integer("groups") ?? 32,
                axis: arguments.integer("axis") ?? -1,
                epsilon: arguments.number("epsilon") ?? 1e-3,
                center: arguments.flag("center") ?? true,
                scale: arguments.flag("scale") ?? true
            )
        case "RMSNormalization":
            RMSNormalization(axis: arguments.axes(), epsilon: arguments.number("epsilon") ?? 1e-6)
        case "SpectralNormalization":
            try SpectralNormalization(
                arguments.wrapped(),
                powerIterations: arguments.integer("power_iterations") ?? 1
            )
        case "UnitNormalization": UnitNormalization(axis: arguments.axes())
        default: nil
        }
    }

    /// Activations as layers, and noise.
    static let activationLayer: Family = { name, arguments in
        switch name {
        case "Activation": Activation(try arguments.activation())
        case "ReLU":
            ReLU(
                maxValue: arguments.number("max_value"),
                negativeSlope: arguments.number("negative_slope") ?? 0,
                threshold: arguments.number("threshold") ?? 0
            )
        case "LeakyReLU": LeakyReLU(negativeSlope: arguments.number("negative_slope") ?? 0.3)
        case "ELU": ELU(alpha: arguments.number("alpha") ?? 1)
        case "PReLU": PReLU(sharedAxes: arguments.integers("shared_axes"))
        case "GaussianNoise": GaussianNoise(stddev: arguments.number("stddev") ?? -1)
        case "GaussianDropout": GaussianDropout(rate: arguments.number("rate") ?? -1)
        case "Dropout":
            Dropout(rate: arguments.number("rate") ?? -1, noiseShape: arguments.sizes("noise_shape"))
        case "AlphaDropout":
            AlphaDropout(rate: arguments.number("rate") ?? -1, noiseShape: arguments.sizes("noise_shape"))
        case "ActivityRegularization":
            ActivityRegularization(l1: arguments.number("l1") ?? 0, l2: arguments.number("l2") ?? 0)
        case "SpatialDropout1D": SpatialDropout1D(rate: arguments.number("rate") ?? -1)
        case "SpatialDropout2D": SpatialDropout2D(rate: arguments.number("rate") ?? -1)
        case "SpatialDropout3D": SpatialDropout3D(rate: arguments.number("rate") ?? -1)
        default: nil
        }
    }
}

extension LayerGolden.Arguments {
    /// The last axis unless Keras' argument says otherwise.
    fileprivate mutating func axes() -> Axes { Axes(integers("axis") ?? [-1]) }

    /// The layer that a wrapper has, made from the wrapper's other arguments.
    fileprivate mutating func wrapped() throws -> any Layer {
        let name = text("layer") ?? ""
        for family in [LayerGolden.basicLayer, LayerGolden.windowLayer] {
            if let layer = try family(name, &self) { return layer }
        }
        throw ConvNetError(.argument, "A wrapped layer that this test does not know", received: name)
    }
}
