import Foundation
import SwiftConvNet

/// One layer with its input, to be timed here and in another framework.
package struct LayerCase {
    /// What the other framework needs to know to make the same layer. What a layer does not have is `nil`.
    package struct Description: Encodable {
        /// The layer's kind here: `DepthwiseConv2D`.
        package var kind: String
        /// The shape of a sample.
        package var shape: [Int]
        /// The number of inputs, all of that shape.
        package var inputs = 1
        /// The window and its steps, an element per axis.
        package var size: [Int]?, strides: [Int]?, dilation: [Int]?
        /// The zeros before and after each axis.
        package var padding: [[Int]]?
        /// Output channels, units, or the elements of an embedding's vectors.
        package var filters: Int?
        /// The groups of a normalisation, or the heads of an attention.
        package var groups: Int?
        package var epsilon: Float?
        /// How many numbers an embedding has vectors for.
        package var numbers: Int?
        /// The name of an activation, or how an enlarged image gets its pixels.
        package var function: String?

        package init(_ layer: any Layer, _ shape: Shape) {
            kind = type(of: layer).kind
            self.shape = shape.dimensions
        }
    }

    /// The layer's name in its model.
    static let layerName = "layer"

    /// The layer, named `layer`.
    package let layer: any Layer
    package let inputShape: Shape
    /// The samples that are timed at once.
    package let batch: Int
    package let description: Description
    /// What the table says behind the kind and the shape.
    private let detail: String

    /// - Parameters:
    ///   - shape: of a sample.
    ///   - detail: what the table says behind the kind and the shape.
    ///   - describe: completes the description.
    init(
        _ layer: any Layer,
        _ batch: Int,
        _ shape: Shape,
        _ detail: String = "",
        _ describe: (inout Description) -> Void = { _ in }
    ) {
        self.layer = layer
        self.batch = batch
        self.detail = detail
        inputShape = shape
        var description = Description(layer, shape)
        describe(&description)
        self.description = description
    }

    /// `DepthwiseConv2D 8×112×112×32, 3×3`, the batch first.
    package var title: String {
        let sizes = ([batch] + inputShape.dimensions).map(String.init).joined(separator: "×")
        return "\(description.kind) \(sizes)" + (detail.isEmpty ? "" : ", \(detail)")
    }

    /// The description as peer.py takes it.
    package var argument: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(description), as: UTF8.self)
        }
    }

    /// Whether another framework could be faster with another layout: the layer looks at images or volumes, not at
    /// single numbers or vectors.
    package var hasLayouts: Bool {
        switch description.kind {
        case "Activation", "LayerNormalization", "RMSNormalization", "Dense", "Embedding",
            "MultiHeadAttention":
            false
        default: inputShape.rank > 2
        }
    }

    /// Whether samples are whole numbers.
    var takesWholeNumbers: Bool { description.numbers != nil }
}
