import SwiftConvNet

extension LayerCase {
    /// Layers that are matrix products, and the one that reads rows of a matrix.
    static var products: [LayerCase] {
        [
            dense(32, [2048], 1000),
            dense(128, [1600], 128),
            dense(8, [197, 192], 768),
            dense(1, [1280], 1000),
            embedding(32, [128], 10_000, 128),
            embedding(32, [128], 30_000, 256),
            embedding(8, [16], 1000, 64),
            // Vision transformers of the sizes Ti and B.
            attention(8, [197, 192], 3),
            attention(8, [50, 192], 3),
            attention(1, [197, 768], 12),
        ]
    }

    private static func dense(_ batch: Int, _ shape: Shape, _ units: Int) -> LayerCase {
        LayerCase(Dense(units: units, name: layerName), batch, shape, "→ \(units)") { $0.filters = units }
    }

    private static func embedding(_ batch: Int, _ shape: Shape, _ numbers: Int, _ size: Int) -> LayerCase {
        let layer = Embedding(inputDim: numbers, outputDim: size, name: layerName)
        return LayerCase(layer, batch, shape, "\(numbers) → \(size)") {
            $0.numbers = numbers
            $0.filters = size
        }
    }

    private static func attention(_ batch: Int, _ shape: Shape, _ heads: Int) -> LayerCase {
        let layer = MultiHeadAttention(numHeads: heads, keyDim: shape[1] / heads, name: layerName)
        return LayerCase(layer, batch, shape, "\(heads) heads") { $0.groups = heads }
    }
}
