import SwiftConvNet
import TestSupport

extension LayerGolden {
    /// Convolutions and pooling.
    static let windowLayer: Family = { name, arguments in
        switch name {
        case "Conv1D":
            Conv1D(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.integer("kernel_size") ?? 0,
                strides: arguments.integer("strides") ?? 1,
                padding: arguments.sequencePadding(),
                dilationRate: arguments.integer("dilation_rate") ?? 1,
                groups: arguments.integer("groups") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "Conv3D":
            Conv3D(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.volume("kernel_size") ?? 0,
                strides: arguments.volume("strides") ?? 1,
                padding: arguments.padding(),
                dilationRate: arguments.volume("dilation_rate") ?? 1,
                groups: arguments.integer("groups") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "Conv1DTranspose":
            Conv1DTranspose(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.integer("kernel_size") ?? 0,
                strides: arguments.integer("strides") ?? 1,
                padding: arguments.padding(),
                outputPadding: arguments.integer("output_padding"),
                dilationRate: arguments.integer("dilation_rate") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "Conv2DTranspose":
            Conv2DTranspose(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.size("kernel_size") ?? 0,
                strides: arguments.size("strides") ?? 1,
                padding: arguments.padding(),
                outputPadding: arguments.size("output_padding"),
                dilationRate: arguments.size("dilation_rate") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "Conv3DTranspose":
            Conv3DTranspose(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.volume("kernel_size") ?? 0,
                strides: arguments.volume("strides") ?? 1,
                padding: arguments.padding(),
                outputPadding: arguments.volume("output_padding"),
                dilationRate: arguments.volume("dilation_rate") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "MaxPooling1D":
            MaxPooling1D(
                poolSize: arguments.integer("pool_size") ?? 2,
                strides: arguments.integer("strides"),
                padding: arguments.padding()
            )
        case "AveragePooling1D":
            AveragePooling1D(
                poolSize: arguments.integer("pool_size") ?? 0,
                strides: arguments.integer("strides"),
                padding: arguments.padding()
            )
        case "MaxPooling3D":
            MaxPooling3D(
                poolSize: arguments.volume("pool_size") ?? 2,
                strides: arguments.volume("strides"),
                padding: arguments.padding()
            )
        case "AveragePooling3D":
            AveragePooling3D(
                poolSize: arguments.volume("pool_size") ?? 0,
                strides: arguments.volume("strides"),
                padding: arguments.padding()
            )
        case "GlobalAveragePooling1D": GlobalAveragePooling1D(keepDims: arguments.flag("keepdims") ?? false)
        case "GlobalMaxPooling1D": GlobalMaxPooling1D(keepDims: arguments.flag("keepdims") ?? false)
        case "GlobalAveragePooling3D": GlobalAveragePooling3D(keepDims: arguments.flag("keepdims") ?? false)
        case "GlobalMaxPooling3D": GlobalMaxPooling3D(keepDims: arguments.flag("keepdims") ?? false)
        case "AdaptiveAveragePooling1D":
            AdaptiveAveragePooling1D(outputSize: arguments.integers("output_size")?.first ?? 0)
        case "AdaptiveMaxPooling1D":
            AdaptiveMaxPooling1D(outputSize: arguments.integers("output_size")?.first ?? 0)
        case "AdaptiveAveragePooling2D":
            AdaptiveAveragePooling2D(outputSize: arguments.size("output_size") ?? 0)
        case "AdaptiveMaxPooling2D": AdaptiveMaxPooling2D(outputSize: arguments.size("output_size") ?? 0)
        case "AdaptiveAveragePooling3D":
            AdaptiveAveragePooling3D(outputSize: arguments.volume("output_size") ?? 0)
        case "AdaptiveMaxPooling3D": AdaptiveMaxPooling3D(outputSize: arguments.volume("output_size") ?? 0)
        case "Conv2D":
            Conv2D(
                filters: arguments.integer("filters") ?? 0,
                kernelSize: arguments.size("kernel_size") ?? 0,
                strides: arguments.size("strides") ?? 1,
                padding: arguments.padding(),
                dilationRate: arguments.size("dilation_rate") ?? 1,
                groups: arguments.integer("groups") ?? 1,
                activation: try arguments.activation(),
                useBias: arguments.flag("use_bias") ?? true
            )
        case "MaxPooling2D":
            MaxPooling2D(
                poolSize: arguments.size("pool_size") ?? 2,
                strides: arguments.size("strides"),
                padding: arguments.padding()
            )
        case "AveragePooling2D":
            AveragePooling2D(
                poolSize: arguments.size("pool_size") ?? 0,
                strides: arguments.size("strides"),
                padding: arguments.padding()
            )
        case "GlobalAveragePooling2D": GlobalAveragePooling2D(keepDims: arguments.flag("keepdims") ?? false)
        case "GlobalMaxPooling2D": GlobalMaxPooling2D(keepDims: arguments.flag("keepdims") ?? false)
        default: nil
        }
    }
}
