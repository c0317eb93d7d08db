extension Applications {
    /// VGG-16: thirteen convolutions of 3 by 3 in five blocks, and three dense layers.
    ///
    /// Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels. torchvision's form
    /// brings the features to 7 by 7 before the dense layers, and has dropout between these.
    ///
    /// Source: Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition, 2014.
    public static func vgg16(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        variant: Variant = .keras,
        name: String = "vgg16",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try vgg(
            [2, 2, 3, 3, 3],
            variant,
            ApplicationSettings(
                name: name,
                inputShape: inputShape,
                classes: classes,
                includeTop: includeTop,
                pooling: pooling,
                classifierActivation: classifierActivation,
                seed: seed,
                options: options
            )
        )
    }

    /// VGG-19: sixteen convolutions of 3 by 3 in five blocks, and three dense layers.
    ///
    /// Arguments as in `vgg16`, and the source.
    public static func vgg19(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        variant: Variant = .keras,
        name: String = "vgg19",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try vgg(
            [2, 2, 4, 4, 4],
            variant,
            ApplicationSettings(
                name: name,
                inputShape: inputShape,
                classes: classes,
                includeTop: includeTop,
                pooling: pooling,
                classifierActivation: classifierActivation,
                seed: seed,
                options: options
            )
        )
    }

    /// - Parameter blocks: how many convolutions each block has.
    private static func vgg(
        _ blocks: [Int],
        _ variant: Variant,
        _ settings: ApplicationSettings
    ) throws -> Model {
        let input = try settings.input(atLeast: 32)
        var x = input
        // torchvision counts convolutions, activations and pooling in one sequence.
        var module = 0
        for (block, count) in blocks.enumerated() {
            for convolution in 1...count {
                x = try x.then(
                    Conv2D(
                        filters: min(64 << block, 512),
                        kernelSize: 3,
                        padding: .same,
                        activation: .relu,
                        name: variant == .keras
                            ? "block\(block + 1)_conv\(convolution)" : "features.\(module)"
                    )
                )
                module += 2
            }
            x = try x.then(
                MaxPooling2D(
                    poolSize: 2,
                    name: variant == .keras ? "block\(block + 1)_pool" : "features.\(module)"
                )
            )
            module += 1
        }
        let output = try settings.end(x) { features in
            func dense(_ name: String) -> Dense { Dense(units: 4096, activation: .relu, name: name) }
            guard variant == .torchvision else {
                return
                    try features
                    .then(Flatten(name: "flatten"))
                    .then(dense("fc1"))
                    .then(dense("fc2"))
                    .then(settings.classifier())
            }
            return
                try features
                .then(AdaptiveAveragePooling2D(outputSize: 7, name: "avgpool"))
                .then(Flatten(name: "flatten"))
                .then(dense("classifier.0"))
                .then(Dropout(rate: 0.5, name: "classifier.2"))
                .then(dense("classifier.3"))
                .then(Dropout(rate: 0.5, name: "classifier.5"))
                .then(settings.classifier(name: "classifier.6"))
        }
        return try settings.model(input, output)
    }
}
