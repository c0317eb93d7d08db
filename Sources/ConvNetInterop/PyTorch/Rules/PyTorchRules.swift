import SwiftConvNet

/// How PyTorch's modules hold the parameters of layers.
enum PyTorchRules {
    /// The places of a layer's parameters; `nil` if no module of PyTorch has them.
    ///
    /// - Parameters:
    ///   - specs: its parameters.
    ///   - image: the shape whose flattened form the layer reads, where the order of its elements differs from PyTorch's.
    static func places(of layer: any Layer, _ specs: [ParameterSpec], flattened image: Shape?)
        -> [PyTorchPlace]?
    {
        if let attention = layer as? MultiHeadAttention { return places(of: attention, specs) }
        let places = specs.compactMap { place(of: $0, in: layer, flattened: image) }
        return places.count == specs.count ? places : nil
    }

    private static func place(of spec: ParameterSpec, in layer: any Layer, flattened image: Shape?)
        -> PyTorchPlace?
    {
        switch layer {
        case is Dense:
            return spec.name == "kernel"
                ? PyTorchPlace(dense: spec, image) : PyTorchPlace(vector: spec, "bias")
        case is Conv1D, is Conv2D, is Conv3D, is Conv1DTranspose, is Conv2DTranspose, is Conv3DTranspose:
            return spec.name == "kernel"
                ? PyTorchPlace(convolution: spec) : PyTorchPlace(vector: spec, "bias")
        case is DepthwiseConv1D, is DepthwiseConv2D:
            return spec.name == "kernel"
                ? PyTorchPlace(depthwise: spec) : PyTorchPlace(vector: spec, "bias")
        case is BatchNormalization:
            return normalizationArrays[spec.name].map { PyTorchPlace(vector: spec, $0, image) }
        case is LayerNormalization, is GroupNormalization, is RMSNormalization:
            // With more axes, PyTorch's order depends on what they are.
            guard spec.shape.rank == 1 else { return nil }
            return normalizationArrays[spec.name].map { PyTorchPlace(vector: spec, $0) }
        case is PReLU:
            // One number for each channel, or one for all.
            guard spec.shape.dropLast().allSatisfy({ $0 == 1 }) else { return nil }
            return PyTorchPlace(vector: spec, "weight")
        case is LayerScale: return PyTorchPlace(scale: spec)
        case is Embedding: return PyTorchPlace(spec, "weight")
        default: return nil
        }
    }

    private static let normalizationArrays = [
        "gamma": "weight", "scale": "weight", "beta": "bias", "moving_mean": "running_mean",
        "moving_variance": "running_var",
    ]

    /// `torch.nn.MultiheadAttention`: query, key and value are rows of one array, heads are neighbours in it.
    private static func places(of layer: MultiHeadAttention, _ specs: [ParameterSpec]) -> [PyTorchPlace]? {
        let width = layer.numHeads * layer.keyDim
        guard !layer.useGate, (layer.valueDim ?? layer.keyDim) == layer.keyDim else { return nil }
        let parts = ["query": 0, "key": 1, "value": 2]
        let places = specs.compactMap { spec -> PyTorchPlace? in
            let names = spec.name.split(separator: "/").map(String.init)
            guard names.count == 2 else { return nil }
            let isKernel = names[1] == "kernel"
            if let part = parts[names[0]] {
                let rows = (part * width)..<((part + 1) * width)
                // The kernel is [features, heads, size] here.
                guard !isKernel || spec.shape == [width, layer.numHeads, layer.keyDim] else { return nil }
                return PyTorchPlace(
                    parameter: spec.name,
                    array: isKernel ? "in_proj_weight" : "in_proj_bias",
                    shape: isKernel ? [3 * width, width] : [3 * width],
                    rows: rows,
                    split: Shape([layer.numHeads, layer.keyDim] + (isKernel ? [width] : [])),
                    order: isKernel ? [2, 0, 1] : [0, 1]
                )
            }
            guard names[0] == "attention_output" else { return nil }
            if !isKernel { return spec.shape == [width] ? PyTorchPlace(spec, "out_proj.bias") : nil }
            guard spec.shape == [layer.numHeads, layer.keyDim, width] else { return nil }
            return PyTorchPlace(
                parameter: spec.name,
                array: "out_proj.weight",
                shape: [width, width],
                split: [width, layer.numHeads, layer.keyDim],
                order: [1, 2, 0]
            )
        }
        return places.count == specs.count ? places : nil
    }
}
