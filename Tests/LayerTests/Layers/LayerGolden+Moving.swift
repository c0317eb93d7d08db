import SwiftConvNet
import TestSupport

extension LayerGolden {
    /// Layers that move elements, and depthwise convolutions.
    static let movingLayer: Family = { name, arguments in
        switch name {
        case "Permute": Permute(dims: arguments.integers("dims") ?? [])
        case "RepeatVector": RepeatVector(n: arguments.integer("n") ?? 0)
        case "ZeroPadding1D":
            arguments.sides("padding", axes: 1).map { ZeroPadding1D(padding: $0[0]) } ?? ZeroPadding1D()
        case "ZeroPadding3D":
            arguments.sides("padding", axes: 3).map { ZeroPadding3D(padding: ($0[0], $0[1], $0[2])) }
                ?? ZeroPadding3D()
        case "Cropping1D":
            arguments.sides("cropping", axes: 1).map { Cropping1D(cropping: $0[0]) } ?? Cropping1D()
        case "Cropping2D":
            arguments.sides("cropping", axes: 2).map { Cropping2D(cropping: ($0[0], $0[1])) } ?? Cropping2D()
        case "Cropping3D":
            arguments.sides("cropping", axes: 3).map { Cropping3D(cropping: ($0[0], $0[1], $0[2])) }
                ?? Cropping3D()
        case "UpSampling1D": UpSampling1D(size: arguments.integer("size") ?? 2)
        case "UpSampling2D":
            UpSampling2D(
                size: arguments.size("size") ?? 2,
                interpolation: arguments.interpolation() ?? .nearest
            )
        case "UpSampling3D": UpSampling3D(size: arguments.volume("size") ?? 2)
        case "DepthwiseConv1D":
            DepthwiseConv1D(
                kernelSize: arguments.integer("kernel_size") ?? 0,
                strides: arguments.integer("strides") ?? 1,
                padding: arguments.sequencePadding(),
                depthMultiplier: arguments.integer("depth_multiplier") ?? 1,
                dilationRate: arguments.integer("dilation_rate") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "DepthwiseConv2D":
            DepthwiseConv2D(
                kernelSize: arguments.size("kernel_size") ?? 0,
                strides: arguments.size("strides") ?? 1,
                padding: arguments.padding(),
                depthMultiplier: arguments.integer("depth_multiplier") ?? 1,
                dilationRate: arguments.size("dilation_rate") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "SeparableConv1D":
            SeparableConv1D(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.integer("kernel_size") ?? 0,
                strides: arguments.integer("strides") ?? 1,
                padding: arguments.sequencePadding(),
                dilationRate: arguments.integer("dilation_rate") ?? 1,
                depthMultiplier: arguments.integer("depth_multiplier") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "SeparableConv2D":
            SeparableConv2D(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.size("kernel_size") ?? 0,
                strides: arguments.size("strides") ?? 1,
                padding: arguments.padding(),
                dilationRate: arguments.size("dilation_rate") ?? 1,
                depthMultiplier: arguments.integer("depth_multiplier") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        default: nil
        }
    }

    /// Layers that prepare inputs.
    static let preprocessingLayer: Family = { name, arguments in
        switch name {
        case "Resizing":
            Resizing(
                height: arguments.integer("height") ?? 0,
                width: arguments.integer("width") ?? 0,
                interpolation: arguments.interpolation() ?? .bilinear,
                cropToAspectRatio: arguments.flag("crop_to_aspect_ratio") ?? false,
                padToAspectRatio: arguments.flag("pad_to_aspect_ratio") ?? false,
                fillValue: arguments.number("fill_value") ?? 0,
                antialias: arguments.flag("antialias") ?? false
            )
        case "CenterCrop":
            CenterCrop(
                height: arguments.integer("height") ?? 0,
                width: arguments.integer("width") ?? 0
            )
        case "Normalization":
            Normalization(
                axis: arguments.integers("axis") ?? [-1],
                mean: arguments.numbers("mean"),
                variance: arguments.numbers("variance"),
                invert: arguments.flag("invert") ?? false
            )
        case "Discretization":
            Discretization(
                binBoundaries: arguments.numbers("bin_boundaries"),
                numBins: arguments.integer("num_bins"),
                epsilon: arguments.take("epsilon", \.number) ?? 0.01,
                outputMode: arguments.mode() ?? .int
            )
        case "CategoryEncoding":
            CategoryEncoding(
                numTokens: arguments.integer("num_tokens") ?? 0,
                outputMode: arguments.mode() ?? .multiHot
            )
        default: nil
        }
    }
}

extension LayerGolden.Arguments {
    fileprivate mutating func interpolation() -> Interpolation? {
        take("interpolation") { $0.text.flatMap { Interpolation(rawValue: $0) } }
    }

    fileprivate mutating func mode<Mode: RawRepresentable<String>>() -> Mode? {
        take("output_mode") { $0.text.flatMap { Mode(rawValue: $0) } }
    }
}
