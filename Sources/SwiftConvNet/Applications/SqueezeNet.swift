extension Applications {
    /// SqueezeNet 1.1: blocks that narrow to few channels and widen by windows of 1 and of 3.
    ///
    /// It is torchvision's, with the names of its modules; Keras does not have it. The classifier is a convolution, a rectifier and the mean
    /// over all places. Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 17 by 17 pixels.
    ///
    /// Source: Iandola and others, SqueezeNet: AlexNet-level accuracy with 50x fewer parameters, 2016, and its version 1.1
    /// (github.com/forresti/SqueezeNet).
    public static func squeezeNet(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "squeezenet",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        let settings = ApplicationSettings(
            name: name,
            inputShape: inputShape,
            classes: classes,
            includeTop: includeTop,
            pooling: pooling,
            classifierActivation: classifierActivation,
            seed: seed,
            options: options
        )
        let input = try settings.input(atLeast: 17)
        var x =
            try input
            .then(Conv2D(filters: 64, kernelSize: 3, strides: 2, activation: .relu, name: "features.0"))
            .pooledToTheEdge(name: "features.2")
        for (module, squeezed, expanded) in [
            (3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128), (9, 48, 192), (10, 48, 192), (11, 64, 256),
            (12, 64, 256),
        ] {
            if module == 6 || module == 9 { x = try x.pooledToTheEdge(name: "features.\(module - 1)") }
            x = try x.fire(squeezed, expanded, name: "features.\(module)")
        }
        let output = try settings.end(x) { features in
            try features
                .then(Dropout(rate: 0.5, name: "classifier.0"))
                .then(Conv2D(filters: classes, kernelSize: 1, activation: .relu, name: "classifier.1"))
                .then(GlobalAveragePooling2D(name: "classifier.3"))
                .then(Activation(classifierActivation, name: "predictions"))
        }
        return try settings.model(input, output)
    }
}

extension Feature {
    /// Maxima over windows of 3 by 3 with stride 2, the last of which may reach beyond the image: torchvision's `ceil_mode`. What is
    /// read must not be negative, for zeros stand beyond the edge.
    fileprivate func pooledToTheEdge(name: String) throws -> Feature {
        let bottom = 1 - shape[0] % 2
        let right = 1 - shape[1] % 2
        return
            try then(ZeroPadding2D(padding: ((top: 0, bottom: bottom), (left: 0, right: right))))
            .then(MaxPooling2D(poolSize: 3, strides: 2, name: name))
    }

    fileprivate func fire(_ squeezed: Int, _ expanded: Int, name: String) throws -> Feature {
        func convolution(_ filters: Int, _ kernelSize: Size2D, _ part: String) -> Conv2D {
            Conv2D(
                filters: filters,
                kernelSize: kernelSize,
                padding: .same,
                activation: .relu,
                kernelInitializer: .heUniform,
                name: "\(name).\(part)"
            )
        }
        let narrow = try then(convolution(squeezed, 1, "squeeze"))
        return try Feature(
            Concatenate(),
            of: [
                narrow.then(convolution(expanded, 1, "expand1x1")),
                narrow.then(convolution(expanded, 3, "expand3x3")),
            ]
        )
    }
}
