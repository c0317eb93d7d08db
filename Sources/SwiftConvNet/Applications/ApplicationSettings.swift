/// What the networks have in common: the images that enter, the end, and the model that is made of both.
struct ApplicationSettings {
    let name: String
    let inputShape: Shape
    let classes: Int
    let includeTop: Bool
    let pooling: Applications.Pooling?
    let classifierActivation: ActivationFunction
    let seed: UInt64
    let options: ComputeOptions

    /// Where images enter.
    ///
    /// - Parameters:
    ///   - smallest: the least height and width.
    ///   - factor: what height and width must be divisible by.
    /// - Throws: `ConvNetError` of kind `argument` if images are too small or not divisible, or there are no classes.
    func input(atLeast smallest: Int, divisibleBy factor: Int = 1) throws -> Feature {
        guard classes >= 1 else {
            throw ConvNetError(
                .argument,
                "A network needs classes",
                at: "\(name), classes",
                expected: "at least 1",
                received: "\(classes)"
            )
        }
        guard inputShape.rank == 3, inputShape[2] >= 1, inputShape[0] >= smallest, inputShape[1] >= smallest
        else {
            throw ConvNetError(
                .argument,
                "The network does not take images of this shape",
                at: "\(name), inputShape",
                expected: "[height, width, channels], height and width at least \(smallest)",
                received: "\(inputShape)",
                remedy: "Enlarge the images, for example by Resizing"
            )
        }
        guard inputShape[0] % factor == 0, inputShape[1] % factor == 0 else {
            throw ConvNetError(
                .argument,
                "The network takes images whose sizes are divisible",
                at: "\(name), inputShape",
                expected: "a height and a width divisible by \(factor)",
                received: "\(inputShape)",
                remedy: "Pad the images by ZeroPadding2D, or crop them"
            )
        }
        return Feature(inputShape: inputShape)
    }

    /// The end of a network: the top, or features, pooled if that is asked for.
    ///
    /// - Parameters:
    ///   - names: of the pooling layers, where Keras gives them names.
    ///   - top: makes the predictions of the features.
    func end(
        _ features: Feature,
        names: (average: String?, max: String?) = (nil, nil),
        top: (Feature) throws -> Feature
    ) throws -> Feature {
        if includeTop { return try top(features) }
        let isImage = features.shape.rank == 3
        switch pooling {
        case nil: return features
        case .average where isImage: return try features.then(GlobalAveragePooling2D(name: names.average))
        case .average: return try features.then(GlobalAveragePooling1D(name: names.average))
        case .max where isImage: return try features.then(GlobalMaxPooling2D(name: names.max))
        case .max: return try features.then(GlobalMaxPooling1D(name: names.max))
        }
    }

    /// The last layer of most networks.
    func classifier(
        _ initializer: any Initializer = .glorotUniform,
        name: String = "predictions"
    ) -> Dense {
        Dense(
            units: classes,
            activation: classifierActivation,
            kernelInitializer: initializer,
            name: name
        )
    }

    /// The model.
    func model(_ input: Feature, _ output: Feature) throws -> Model {
        try Model(
            inputs: input.output,
            outputs: output.output,
            name: name,
            seed: seed,
            options: options
        )
    }
}

/// The names of the last pooling layers of most networks.
let poolNames: (average: String?, max: String?) = ("avg_pool", "max_pool")
