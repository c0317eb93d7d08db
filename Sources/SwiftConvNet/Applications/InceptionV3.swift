extension Applications {
    /// Inception v3: blocks of several branches whose windows differ, wide ones made of narrow ones.
    ///
    /// Arguments as in `Applications`; images of `[299, 299, 3]` by default, of at least 75 by 75 pixels.
    ///
    /// Source: Szegedy and others, Rethinking the Inception architecture for computer vision, 2015.
    public static func inceptionV3(
        inputShape: Shape = [299, 299, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "inception_v3",
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
        let input = try settings.input(atLeast: 75)
        var x =
            try input
            .unit(32, 3, stride: 2, padding: .valid)
            .unit(32, 3, padding: .valid)
            .unit(64, 3)
            .then(MaxPooling2D(poolSize: 3, strides: 2))
            .unit(80, 1, padding: .valid)
            .unit(192, 3, padding: .valid)
            .then(MaxPooling2D(poolSize: 3, strides: 2))
        for (place, pooled) in [32, 64, 64].enumerated() {
            x = try joined(
                [
                    x.unit(64, 1),
                    x.unit(48, 1).unit(64, 5),
                    x.unit(64, 1).unit(96, 3).unit(96, 3),
                    x.pooledUnit(pooled),
                ],
                name: "mixed\(place)"
            )
        }
        x = try joined(
            [
                x.unit(384, 3, stride: 2, padding: .valid),
                x.unit(64, 1).unit(96, 3).unit(96, 3, stride: 2, padding: .valid),
                x.then(MaxPooling2D(poolSize: 3, strides: 2)),
            ],
            name: "mixed3"
        )
        for (place, width) in [128, 160, 160, 192].enumerated() {
            x = try joined(
                [
                    x.unit(192, 1),
                    x.unit(width, 1).unit(width, [1, 7]).unit(192, [7, 1]),
                    x.unit(width, 1).unit(width, [7, 1]).unit(width, [1, 7]).unit(width, [7, 1]).unit(
                        192,
                        [1, 7]
                    ),
                    x.pooledUnit(192),
                ],
                name: "mixed\(place + 4)"
            )
        }
        x = try joined(
            [
                x.unit(192, 1).unit(320, 3, stride: 2, padding: .valid),
                x.unit(192, 1).unit(192, [1, 7]).unit(192, [7, 1]).unit(192, 3, stride: 2, padding: .valid),
                x.then(MaxPooling2D(poolSize: 3, strides: 2)),
            ],
            name: "mixed8"
        )
        for place in 0..<2 {
            let narrow = try x.unit(384, 1)
            let wide = try x.unit(448, 1).unit(384, 3)
            x = try joined(
                [
                    x.unit(320, 1),
                    joined([narrow.unit(384, [1, 3]), narrow.unit(384, [3, 1])], name: "mixed9_\(place)"),
                    joined([wide.unit(384, [1, 3]), wide.unit(384, [3, 1])], name: nil),
                    x.pooledUnit(192),
                ],
                name: "mixed\(place + 9)"
            )
        }
        let output = try settings.end(x) { features in
            try features.then(GlobalAveragePooling2D(name: "avg_pool")).then(settings.classifier())
        }
        return try settings.model(input, output)
    }

    private static func joined(_ branches: [Feature], name: String?) throws -> Feature {
        try Feature(Concatenate(name: name), of: branches)
    }
}

extension Feature {
    /// A convolution without a bias, a normalisation without a scale, and a rectifier. They have no names of their own: Keras'
    /// follow from their order, and so do ours.
    fileprivate func unit(
        _ filters: Int,
        _ kernelSize: Size2D,
        stride: Int = 1,
        padding: Padding = .same
    ) throws -> Feature {
        try then(
            Conv2D(
                filters: filters,
                kernelSize: kernelSize,
                strides: Size2D(stride, stride),
                padding: padding,
                useBias: false
            )
        )
        .then(BatchNormalization(scale: false))
        .then(Activation(.relu))
    }

    /// Means over windows of 3 by 3, and a convolution of single pixels.
    fileprivate func pooledUnit(_ filters: Int) throws -> Feature {
        try then(AveragePooling2D(poolSize: 3, strides: 1, padding: .same)).unit(filters, 1)
    }
}
