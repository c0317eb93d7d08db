extension Applications {
    /// LeNet-5: two convolutions with pooling, and three dense layers, for small grey images of digits.
    ///
    /// Activations are tanh, pooling takes means, and the classifier is a dense layer, as in today's form of the network: the first
    /// one had radial units, parts of the maps in the second convolution, and parameters in pooling. Arguments as in
    /// `Applications`; images of `[32, 32, 1]` by default, of at least 16 by 16 pixels, and 10 classes.
    ///
    /// Source: LeCun and others, Gradient-based learning applied to document recognition, 1998.
    public static func leNet5(
        inputShape: Shape = [32, 32, 1],
        classes: Int = 10,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "lenet5",
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
        let input = try settings.input(atLeast: 16)
        let features =
            try input
            .then(Conv2D(filters: 6, kernelSize: 5, activation: .tanh, name: "c1"))
            .then(AveragePooling2D(poolSize: 2, name: "s2"))
            .then(Conv2D(filters: 16, kernelSize: 5, activation: .tanh, name: "c3"))
            .then(AveragePooling2D(poolSize: 2, name: "s4"))
        let output = try settings.end(features, names: poolNames) { features in
            try features
                .then(Flatten(name: "flatten"))
                .then(Dense(units: 120, activation: .tanh, name: "c5"))
                .then(Dense(units: 84, activation: .tanh, name: "f6"))
                .then(settings.classifier())
        }
        return try settings.model(input, output)
    }
}
