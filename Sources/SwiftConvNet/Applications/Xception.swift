extension Applications {
    /// Xception: residual blocks of convolutions of each channel by itself, each followed by one of single pixels.
    ///
    /// Arguments as in `Applications`; images of `[299, 299, 3]` by default, of at least 71 by 71 pixels.
    ///
    /// Source: Chollet, Xception: deep learning with depthwise separable convolutions, 2016.
    public static func xception(
        inputShape: Shape = [299, 299, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "xception",
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
        let input = try settings.input(atLeast: 71)
        var x = input
        for (place, (filters, stride)) in [(32, 2), (64, 1)].enumerated() {
            let name = "block1_conv\(place + 1)"
            x =
                try x
                .then(
                    Conv2D(
                        filters: filters,
                        kernelSize: 3,
                        strides: Size2D(stride, stride),
                        useBias: false,
                        name: name
                    )
                )
                .then(BatchNormalization(name: "\(name)_bn"))
                .then(Activation(.relu, name: "\(name)_act"))
        }
        for (block, (first, second)) in [(2, (128, 128)), (3, (256, 256)), (4, (728, 728))] {
            x = try x.narrowed(first, second, name: "block\(block)", startsWithActivation: block > 2)
        }
        for block in 5...12 {
            let shortcut = x
            for place in 1...3 {
                x = try x.activated(place, of: "block\(block)").separable(728, place, of: "block\(block)")
            }
            x = try x.adding(shortcut)
        }
        x = try x.narrowed(728, 1024, name: "block13", startsWithActivation: true)
        for (place, filters) in [(1, 1536), (2, 2048)] {
            x = try x.separable(filters, place, of: "block14").activated(place, of: "block14")
        }
        let output = try settings.end(x) { features in
            try features.then(GlobalAveragePooling2D(name: "avg_pool")).then(settings.classifier())
        }
        return try settings.model(input, output)
    }
}

extension Feature {
    fileprivate func activated(_ place: Int, of block: String) throws -> Feature {
        try then(Activation(.relu, name: "\(block)_sepconv\(place)_act"))
    }

    fileprivate func separable(_ filters: Int, _ place: Int, of block: String) throws -> Feature {
        let name = "\(block)_sepconv\(place)"
        return
            try then(
                SeparableConv2D(filters: filters, kernelSize: 3, padding: .same, useBias: false, name: name)
            )
            .then(BatchNormalization(name: "\(name)_bn"))
    }

    /// A block that halves height and width.
    fileprivate func narrowed(_ first: Int, _ second: Int, name: String, startsWithActivation: Bool) throws
        -> Feature
    {
        let shortcut =
            try then(Conv2D(filters: second, kernelSize: 1, strides: 2, padding: .same, useBias: false))
            .then(BatchNormalization())
        let start = try startsWithActivation ? activated(1, of: name) : self
        return
            try start
            .separable(first, 1, of: name)
            .activated(2, of: name)
            .separable(second, 2, of: name)
            .then(MaxPooling2D(poolSize: 3, strides: 2, padding: .same, name: "\(name)_pool"))
            .adding(shortcut)
    }
}
