import Foundation
import SwiftConvNet
import TestSupport

extension LayerCase {
    /// The merging layers, whose shapes stretch, and what an axis of an image is reduced along.
    static let combinations: [LayerCase] = {
        func cases(
            _ layer: any Layer,
            _ function: @escaping @Sendable (Double, Double) -> Double
        ) -> [LayerCase] {
            let name = type(of: layer).kind
            return [
                LayerCase(name: "\(name), one", layer: layer, inputs: [[2, 3]]) { inputs, _ in inputs[0] },
                LayerCase(
                    name: "\(name), three shapes",
                    layer: layer,
                    inputs: [[3, 1, 4], [1, 2, 1], [3, 2, 4]],
                    batch: 9
                ) { inputs, _ in
                    Reference.combine(
                        Reference.combine(inputs[0], inputs[1], function),
                        inputs[2],
                        function
                    )
                },
            ]
        }
        let several =
            cases(Multiply()) { $0 * $1 } + cases(Maximum()) { max($0, $1) }
            + cases(Minimum()) { min($0, $1) }
        return several + [
            LayerCase(name: "Average, three", layer: Average(), inputs: [[2, 3], [2, 1], [2, 3]]) {
                inputs,
                _ in
                Reference.add(inputs).map { $0 / 3 }
            },
            LayerCase(name: "Subtract", layer: Subtract(), inputs: [[3, 2, 4], [4]], batch: 11) { inputs, _ in
                Reference.combine(inputs[0], inputs[1].reshaped([11, 1, 1, 4])) { $0 - $1 }
            },
            LayerCase(name: "Dot, matrices", layer: Dot(axes: [1, 2]), inputs: [[3, 5], [7, 3]]) {
                inputs,
                _ in
                Reference.einsum("bkm,bnk->bmn", inputs[0], inputs[1])
            },
            LayerCase(name: "Identity", layer: Identity(), inputs: [[3, 2]]) { inputs, _ in inputs[0] },
            LayerCase(name: "LayerScale", layer: LayerScale(initValues: 0.5), inputs: [[2, 3, 5]], batch: 7) {
                inputs,
                p in
                let gamma = p["gamma"] ?? inputs[0]
                return Reference.combine(inputs[0], gamma.reshaped([1, 1, 1, 5])) { $0 * $1 }
            },
            LayerCase(name: "PositionEmbedding", layer: PositionEmbedding(), inputs: [[4, 3]], batch: 9) {
                inputs,
                p in
                let embeddings = p["embeddings"] ?? inputs[0]
                return Reference.combine(inputs[0], embeddings.reshaped([1, 4, 3])) { $0 + $1 }
            },
        ]
    }()

    /// Attention, with axes in the place of one that Keras' goldens do not have.
    static let attentions: [LayerCase] = [
        LayerCase(
            name: "MultiHeadAttention",
            layer: MultiHeadAttention(numHeads: 2, keyDim: 3, valueDim: 4, outputShape: [5]),
            inputs: [[4, 3], [6, 2]],
            batch: 9
        ) { inputs, p in attention(inputs[0], inputs[1], p) },
        // More than a tile of matrices, and than a task.
        LayerCase(
            name: "MultiHeadAttention, long",
            layer: MultiHeadAttention(numHeads: 1, keyDim: 2, valueDim: 1, outputShape: [5]),
            inputs: [[67, 2], [66, 3]],
            batch: 2
        ) { inputs, p in attention(inputs[0], inputs[1], p) },
    ]

    private static func attention(
        _ query: ReferenceTensor,
        _ value: ReferenceTensor,
        _ p: [String: ReferenceTensor]
    ) -> ReferenceTensor {
        func project(_ x: ReferenceTensor, _ name: String) -> ReferenceTensor {
            guard let kernel = p["\(name)/kernel"], let bias = p["\(name)/bias"] else { return x }
            return Reference.combine(Reference.einsum("btc,cnh->btnh", x, kernel), bias, +)
        }
        let q = project(query, "query"), k = project(value, "key"), v = project(value, "value")
        let scores = Reference.einsum("btnh,bsnh->bnts", q, k).map {
            exp($0 / Double(q.channels).squareRoot())
        }
        let sums = Reference.reduce(scores, axes: [3]) { $0.reduce(0, +) }
        let heads = Reference.einsum("bnts,bsnv->btnv", Reference.combine(scores, sums, /), v)
        guard let kernel = p["attention_output/kernel"], let bias = p["attention_output/bias"] else {
            return heads
        }
        return Reference.combine(Reference.einsum("btnv,nvo->bto", heads, kernel), bias, +)
    }
}
