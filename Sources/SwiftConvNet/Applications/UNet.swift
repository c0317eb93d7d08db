extension Applications {
    /// U-Net: an encoder that halves the image four times, and a decoder that doubles it again and reads the encoder's maps of each size.
    /// It predicts a class for each pixel.
    ///
    /// Convolutions are padded, so that predictions have the image's height and width. Arguments as in `Applications`; images of
    /// `[256, 256, 3]` by default, with a height and a width divisible by 16; 2 classes; and this:
    /// - `filters`: the number of channels of the first block; each of the four next ones has twice as many. Default 64.
    ///
    /// Without the top the model ends with `filters` features for each pixel.
    ///
    /// Source: Ronneberger and others, U-Net: convolutional networks for biomedical image segmentation, 2015.
    public static func uNet(
        inputShape: Shape = [256, 256, 3],
        filters: Int = 64,
        classes: Int = 2,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "unet",
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
        guard (1...4096).contains(filters) else {
            throw ConvNetError(
                .argument,
                "A number of channels that the network cannot have",
                at: "\(name), filters",
                expected: "1...4096",
                received: "\(filters)"
            )
        }
        let input = try settings.input(atLeast: 16, divisibleBy: 16)
        let levels = 4
        var x = input
        var skips: [Feature] = []
        for level in 0..<levels {
            let name = "encoder\(level + 1)"
            let maps = try x.convolvedTwice(filters << level, name: name)
            skips.append(maps)
            x = try maps.then(MaxPooling2D(poolSize: 2, name: "\(name)_pool"))
        }
        x = try x.convolvedTwice(filters << levels, name: "bottleneck")
        for (level, skip) in skips.enumerated().reversed() {
            let name = "decoder\(level + 1)"
            let width = filters << level
            let larger = try x.then(
                Conv2DTranspose(filters: width, kernelSize: 2, strides: 2, name: "\(name)_up")
            )
            x = try Feature(Concatenate(name: "\(name)_concat"), of: [skip, larger])
                .convolvedTwice(width, name: name)
        }
        let output = try settings.end(x, names: poolNames) { features in
            try features.then(
                Conv2D(
                    filters: classes,
                    kernelSize: 1,
                    activation: classifierActivation,
                    name: "predictions"
                )
            )
        }
        return try settings.model(input, output)
    }
}

extension Feature {
    fileprivate func convolvedTwice(_ filters: Int, name: String) throws -> Feature {
        func convolution(_ place: Int) -> Conv2D {
            Conv2D(
                filters: filters,
                kernelSize: 3,
                padding: .same,
                activation: .relu,
                name: "\(name)_conv\(place)"
            )
        }
        return try then(convolution(1)).then(convolution(2))
    }
}
