extension Passes {
    /// A batch normalisation in inference is folded into the weights of the convolution before it.
    static func foldBatchNormalization(_ graph: inout OpGraph) {
        var index = 0
        while index < graph.operations.count {
            let operation = graph.operations[index]
            let isFused =
                // The prediction's own operation stays apart, so that its numbers are those of training.
                operation.outputs != [graph.output]
                && (operation.op as? NormalizeBatch).map { normalization in
                    graph.fuse(index) { source in
                        guard var convolution = source as? Convolution, convolution.activation == .linear,
                            convolution.normalization == nil
                        else { return nil }
                        convolution.normalization = normalization
                        return convolution
                    }
                } == true
            if !isFused { index += 1 }
        }
    }
}
