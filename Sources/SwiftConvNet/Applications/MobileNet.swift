extension Applications {
    /// MobileNet: 13 pairs of a convolution of each channel by itself and one of single pixels.
    ///
    /// Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels; and these:
    /// - `alpha`: the width of all layers, as a share of the first form's. Default 1.
    /// - `depthMultiplier`: the number of filters for each channel. Default 1.
    /// - `dropout`: the share of features to drop before the classifier. Default 0.001.
    /// - `name`: the model's name; by default as in Keras, such as `mobilenet_1.00_224`.
    ///
    /// Source: Howard and others, MobileNets, 2017.
    public static func mobileNet(
        inputShape: Shape = [224, 224, 3],
        alpha: Double = 1,
        depthMultiplier: Int = 1,
        dropout: Float = 1e-3,
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String? = nil,
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        let settings = ApplicationSettings(
            name: name ?? mobileName("mobilenet", alpha, inputShape),
            inputShape: inputShape,
            classes: classes,
            includeTop: includeTop,
            pooling: pooling,
            classifierActivation: classifierActivation,
            seed: seed,
            options: options
        )
        let width = try Width(alpha, of: settings.name)
        let input = try settings.input(atLeast: 32)
        var x = try input.mobileUnit(
            Conv2D(
                filters: width(32),
                kernelSize: 3,
                strides: 2,
                padding: .same,
                useBias: false,
                name: "conv1"
            ),
            name: "conv1"
        )
        let blocks = [
            (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1),
            (512, 1), (1024, 2), (1024, 1),
        ]
        for (place, (filters, stride)) in blocks.enumerated() {
            let block = place + 1
            if stride == 2 {
                let padding = ((top: 0, bottom: 1), (left: 0, right: 1))
                x = try x.then(ZeroPadding2D(padding: padding, name: "conv_pad_\(block)"))
            }
            let depthwise = DepthwiseConv2D(
                kernelSize: 3,
                strides: Size2D(stride, stride),
                padding: stride == 1 ? .same : .valid,
                depthMultiplier: depthMultiplier,
                useBias: false,
                name: "conv_dw_\(block)"
            )
            let pointwise = Conv2D(
                filters: width(filters),
                kernelSize: 1,
                padding: .same,
                useBias: false,
                name: "conv_pw_\(block)"
            )
            x =
                try x
                .mobileUnit(depthwise, name: "conv_dw_\(block)")
                .mobileUnit(pointwise, name: "conv_pw_\(block)")
        }
        let output = try settings.end(x) { features in
            try features
                .then(GlobalAveragePooling2D(keepDims: true))
                .then(Dropout(rate: dropout, name: "dropout"))
                .then(Conv2D(filters: classes, kernelSize: 1, padding: .same, name: "conv_preds"))
                .then(Reshape(targetShape: [classes], name: "reshape_2"))
                .then(Activation(classifierActivation, name: "predictions"))
        }
        return try settings.model(input, output)
    }
}

extension Feature {
    /// A convolution, its normalisation, and a rectifier with the limit 6.
    fileprivate func mobileUnit(_ convolution: some Layer, name: String) throws -> Feature {
        try then(convolution)
            .then(BatchNormalization(name: "\(name)_bn"))
            .then(ReLU(maxValue: 6, name: "\(name)_relu"))
    }
}
