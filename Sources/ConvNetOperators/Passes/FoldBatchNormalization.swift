extension Passes {
    /// A batch normalisation in inference is folded into the weights of the convolution before it. One that makes the
    /// prediction is not: models predict the bits that they have always predicted.
    static func foldBatchNormalization(_ graph: inout OpGraph) {
        let predictions = graph.outputs
        graph.fuse { operation, source in
            guard !predictions.contains(operation.outputs[0]),
                let normalization = operation.op as? NormalizeBatch,
                var convolution = source as? Convolution, convolution.activation == .linear,
                convolution.normalization == nil
            else { return nil }
            convolution.normalization = normalization
            return convolution
        }
    }
}
