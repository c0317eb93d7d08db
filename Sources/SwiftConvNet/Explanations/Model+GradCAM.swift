extension Model {
    /// Where in a picture a class is seen: gradient-weighted class activation maps.
    ///
    /// ```swift
    /// let map = try model.gradCAM(of: picture, layer: "conv2d_3", class: 3)  // [height, width] of the layer's output
    /// ```
    ///
    /// Each channel of the layer's output counts as much as the score of the class grows with it, the mean over its places of the gradient; what
    /// is negative in their sum becomes 0. The score is the logit, as for `saliency(of:class:)`: Keras' example takes the softmax away for it.
    ///
    /// Source: Selvaraju and others, Grad-CAM: visual explanations from deep networks via gradient-based localization, 2017.
    ///
    /// - Parameters:
    ///   - sample: a picture of the shape `inputShape`, without the batch axis.
    ///   - layer: the name of a layer that puts out `[height, width, channels]`; unless given, the last one that does, but for that of the predictions.
    ///   - class: the class; unless given, the one that the model predicts.
    /// - Returns: `[height, width]` of the layer's output, at least 0, not scaled: `HeatMap` of `ConvNetReports` lays it over the picture.
    /// - Throws: `ConvNetError` of kind `argument` if the model has several inputs or outputs, no such layer or class, or the prediction does not
    ///   depend on the layer; of kind `shape` if the sample does not fit, or the layer puts out no such maps; if a layer has no backward
    ///   pass.
    public func gradCAM(of sample: Tensor, layer: String? = nil, class index: Int? = nil) throws -> Tensor {
        let batch = try graph.batchOfOne(sample)
        let classes = try index.map { [$0] } ?? predictedClasses(of: batch, for: "gradCAM")
        return try gradCAM(ofBatch: batch, layer: layer, classes: classes).withoutBatchAxis()
    }

    /// The maps of pictures `[samples, …]`: `[samples, height, width]`; as the form for one picture.
    ///
    /// - Throws: as for one picture; of kind `argument` if there is another number of classes.
    public func gradCAM(
        ofBatch samples: Tensor,
        layer: String? = nil,
        classes: [Int]? = nil
    ) throws -> Tensor {
        try requireOneInput(for: "gradCAM")
        let samples = try graph.batch(samples, for: "gradCAM")
        let classes = try classes ?? predictedClasses(of: samples, for: "gradCAM")
        try requireClasses(classes, for: samples, call: "gradCAM")
        let node = try explainedNode(layer)
        let features = try Model(
            inputs: inputs,
            outputs: [output(of: graph.nodes[node].name)],
            name: name,
            seed: seed,
            options: options
        ).predict(samples)
        let gradients = try ScoreNetwork(of: self, from: node, for: "gradCAM")
            .gradients(features: features, inputs: [samples], classes: classes, for: "gradCAM")
        return try Self.classActivation(features, gradients)
    }

    /// The node that makes the maps.
    private func explainedNode(_ layer: String?) throws -> Int {
        func hasMaps(_ node: Graph.Node) -> Bool {
            node.outputShapes.count == 1 && node.outputShapes[0].rank == 3
        }
        guard let layer else {
            let ends = Set(graph.inputs + graph.outputs.map(\.node))
            let last = graph.nodes.indices.last { hasMaps(graph.nodes[$0]) && !ends.contains($0) }
            guard let last else {
                throw ConvNetError(
                    .shape,
                    "No layer of the model puts out maps",
                    at: "gradCAM",
                    expected: "a layer with an output [height, width, channels]",
                    received: "a model without"
                )
            }
            return last
        }
        // Names the layers that there are if there is none of this name.
        _ = try output(of: layer)
        guard let node = graph.nodes.firstIndex(where: { $0.name == layer }), hasMaps(graph.nodes[node])
        else {
            throw ConvNetError(
                .shape,
                "The layer puts out no maps",
                at: "gradCAM, \(layer)",
                expected: "[height, width, channels]",
                received: "\(graph.nodes.first { $0.name == layer }?.outputShapes ?? [])"
            )
        }
        return node
    }

    /// The sum over channels of features times the mean gradient of the channel, where it is positive.
    private static func classActivation(_ features: Tensor, _ gradients: Tensor) throws -> Tensor {
        let shape = features.shape, channels = shape[3], places = shape[1] * shape[2]
        let values = features.elements, slopes = gradients.elements
        return try Tensor(shape: [shape[0], shape[1], shape[2]]) { map in
            for sample in 0..<shape[0] {
                let first = sample * places
                var weights = [Double](repeating: 0, count: channels)
                for place in first..<(first + places) {
                    for channel in 0..<channels {
                        weights[channel] += Double(slopes[place * channels + channel])
                    }
                }
                for place in first..<(first + places) {
                    let sum = (0..<channels).reduce(0) {
                        $0 + weights[$1] * Double(values[place * channels + $1])
                    }
                    map[place] = Float(max(sum / Double(places), 0))
                }
            }
        }
    }
}
