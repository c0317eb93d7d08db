import SwiftConvNet

extension LayerCase {
    /// Layers with weights that slide over their input, with the sizes of known networks.
    static var convolutions: [LayerCase] {
        [
            // MobileNetV2 and EfficientNet; those with a stride have their zeros already.
            depthwise(8, [112, 112, 32], 3),
            depthwise(8, [113, 113, 96], 3, strides: 2),
            depthwise(8, [28, 28, 192], 3),
            depthwise(8, [14, 14, 576], 3),
            depthwise(8, [7, 7, 960], 3),
            depthwise(8, [28, 28, 240], 5),
            depthwise(8, [59, 59, 144], 5, strides: 2),
            depthwise(1, [56, 56, 144], 3),
            // Small networks and Xception.
            separable(8, [32, 32, 64], 128),
            separable(8, [19, 19, 728], 728),
            separable(1, [112, 112, 32], 64),
            // U-Net, DCGAN, and a decoder.
            transposed(8, [28, 28, 128], 64, 2),
            transposed(8, [14, 14, 256], 128, 2),
            transposed(32, [8, 8, 256], 128, 4),
            transposed(32, [16, 16, 128], 64, 4),
            transposed(8, [28, 28, 64], 32, 3),
            // Sound: M5, WaveNet, a transformer's front, and one sequence alone.
            sequence(8, [16_000, 1], 32, 80, strides: 4),
            sequence(8, [1000, 64], 64, 3, padding: .causal, dilation: 4),
            sequence(8, [1000, 80], 256, 3, padding: .same),
            sequence(1, [1000, 64], 64, 3, padding: .causal, dilation: 4),
            // Small volumes.
            volume(4, [16, 28, 28, 16], 32),
            volume(4, [8, 14, 14, 64], 64),
        ]
    }

    private static func depthwise(_ batch: Int, _ shape: Shape, _ size: Int, strides: Int = 1) -> LayerCase {
        let layer = DepthwiseConv2D(
            kernelSize: Size2D(size, size),
            strides: Size2D(strides, strides),
            padding: strides == 1 ? .same : .valid,
            name: layerName
        )
        return LayerCase(layer, batch, shape, "\(size)×\(size)" + text(strides: strides)) {
            $0.size = [size, size]
            $0.strides = [strides, strides]
            $0.padding = sides(strides == 1 ? size / 2 : 0, axes: 2)
        }
    }

    private static func separable(_ batch: Int, _ shape: Shape, _ filters: Int) -> LayerCase {
        let layer = SeparableConv2D(filters: filters, kernelSize: 3, padding: .same, name: layerName)
        return LayerCase(layer, batch, shape, "3×3 → \(filters)") {
            $0.size = [3, 3]
            $0.padding = sides(1, axes: 2)
            $0.filters = filters
        }
    }

    /// Twice as large: windows of 4×4 lose a pixel on each side, as `same` says.
    private static func transposed(_ batch: Int, _ shape: Shape, _ filters: Int, _ size: Int) -> LayerCase {
        let layer = Conv2DTranspose(
            filters: filters,
            kernelSize: Size2D(size, size),
            strides: 2,
            padding: size == 4 ? .same : .valid,
            name: layerName
        )
        return LayerCase(layer, batch, shape, "\(size)×\(size)\(text(strides: 2)) → \(filters)") {
            $0.size = [size, size]
            $0.strides = [2, 2]
            $0.padding = sides(size == 4 ? 1 : 0, axes: 2)
            $0.filters = filters
        }
    }

    private static func sequence(
        _ batch: Int,
        _ shape: Shape,
        _ filters: Int,
        _ size: Int,
        strides: Int = 1,
        padding: Conv1D.Padding = .valid,
        dilation: Int = 1
    ) -> LayerCase {
        let layer = Conv1D(
            filters: filters,
            kernelSize: size,
            strides: strides,
            padding: padding,
            dilationRate: dilation,
            name: layerName
        )
        let reach = (size - 1) * dilation
        let detail = "\(size)\(text(strides: strides))" + (dilation > 1 ? " dilated \(dilation)" : "")
        return LayerCase(layer, batch, shape, "\(detail) \(padding.rawValue) → \(filters)") {
            $0.size = [size]
            $0.strides = [strides]
            $0.dilation = [dilation]
            $0.filters = filters
            $0.padding =
                switch padding {
                case .valid: [[0, 0]]
                case .same: [[reach / 2, reach - reach / 2]]
                case .causal: [[reach, 0]]
                }
        }
    }

    private static func volume(_ batch: Int, _ shape: Shape, _ filters: Int) -> LayerCase {
        let layer = Conv3D(filters: filters, kernelSize: 3, padding: .same, name: layerName)
        return LayerCase(layer, batch, shape, "3×3×3 → \(filters)") {
            $0.size = [3, 3, 3]
            $0.padding = sides(1, axes: 3)
            $0.filters = filters
        }
    }

    static func sides(_ count: Int, axes: Int) -> [[Int]] { Array(repeating: [count, count], count: axes) }

    static func text(strides: Int) -> String { strides == 1 ? "" : " stride \(strides)" }
}
