import SwiftConvNet
import TestSupport

extension LayerGolden {
    /// The layers that combine, look up and attend.
    static let operatorLayer: Family = { name, arguments in
        switch name {
        case "Subtract": Subtract()
        case "Multiply": Multiply()
        case "Average": Average()
        case "Maximum": Maximum()
        case "Minimum": Minimum()
        case "Dot":
            Dot(
                axes: Axes(arguments.integers("axes") ?? []),
                normalize: arguments.flag("normalize") ?? false
            )
        case "Softmax": Softmax(axis: arguments.integers("axis").map { Axes($0) } ?? -1)
        case "Identity": Identity()
        case "EinsumDense":
            EinsumDense(
                equation: arguments.text("equation") ?? "",
                outputShape: arguments.sizes("output_shape") ?? [],
                activation: try arguments.activation(),
                biasAxes: arguments.text("bias_axes")
            )
        case "Embedding":
            Embedding(
                inputDim: arguments.integer("input_dim") ?? 0,
                outputDim: arguments.integer("output_dim") ?? 0
            )
        case "MultiHeadAttention":
            MultiHeadAttention(
                numHeads: arguments.integer("num_heads") ?? 0,
                keyDim: arguments.integer("key_dim") ?? 0,
                valueDim: arguments.integer("value_dim"),
                dropout: arguments.number("dropout") ?? 0,
                useBias: arguments.flag("use_bias") ?? true,
                outputShape: arguments.integers("output_shape").map { Shape($0) },
                attentionAxes: arguments.integers("attention_axes").map { Axes($0) },
                useGate: arguments.flag("use_gate") ?? false
            )
        case "LayerScale": LayerScale()
        case "PositionEmbedding": PositionEmbedding()
        default: nil
        }
    }
}
