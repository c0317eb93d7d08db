import SwiftConvNet

extension LayerCase {
    /// Layers that make images smaller or larger without weights.
    static var pooling: [LayerCase] {
        [
            pool(MaxPooling1D(poolSize: 2, name: layerName), 8, [4000, 64], 2, axes: 1),
            pool(MaxPooling2D(poolSize: 2, name: layerName), 8, [112, 112, 64], 2, axes: 2),
            pool(MaxPooling2D(poolSize: 2, name: layerName), 32, [28, 28, 32], 2, axes: 2),
            pool(MaxPooling2D(poolSize: 3, strides: 2, name: layerName), 8, [113, 113, 64], 3, axes: 2),
            pool(MaxPooling3D(poolSize: 2, name: layerName), 4, [16, 28, 28, 32], 2, axes: 3),
            pool(AveragePooling2D(poolSize: 2, name: layerName), 8, [56, 56, 128], 2, axes: 2),
            pool(AveragePooling2D(poolSize: 3, strides: 2, name: layerName), 8, [57, 57, 64], 3, axes: 2),
            LayerCase(GlobalAveragePooling2D(name: layerName), 8, [7, 7, 1280]),
            LayerCase(GlobalAveragePooling2D(name: layerName), 32, [14, 14, 512]),
            enlarged(8, [28, 28, 128], .nearest),
            enlarged(8, [64, 64, 16], .nearest),
            enlarged(8, [128, 128, 3], .nearest),
            enlarged(8, [28, 28, 128], .bilinear),
            enlarged(8, [64, 64, 16], .bilinear),
            LayerCase(ZeroPadding2D(padding: 1, name: layerName), 8, [112, 112, 32], "1") {
                $0.padding = sides(1, axes: 2)
            },
            LayerCase(ZeroPadding2D(padding: 3, name: layerName), 8, [224, 224, 3], "3") {
                $0.padding = sides(3, axes: 2)
            },
        ]
    }

    /// Steps of 2.
    private static func pool(
        _ layer: any Layer,
        _ batch: Int,
        _ shape: Shape,
        _ size: Int,
        axes: Int
    ) -> LayerCase {
        let window = Array(repeating: "\(size)", count: axes).joined(separator: "×")
        return LayerCase(layer, batch, shape, window + text(strides: 2)) {
            $0.size = Array(repeating: size, count: axes)
            $0.strides = Array(repeating: 2, count: axes)
        }
    }

    /// Twice as large.
    private static func enlarged(_ batch: Int, _ shape: Shape, _ interpolation: Interpolation) -> LayerCase {
        let layer = UpSampling2D(size: 2, interpolation: interpolation, name: layerName)
        return LayerCase(layer, batch, shape, "2×2 \(interpolation.rawValue)") {
            $0.size = [2, 2]
            $0.function = interpolation.rawValue
        }
    }
}
