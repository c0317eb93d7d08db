extension Applications {
    /// MobileNetV2: 17 blocks that widen, convolve each channel by itself and narrow again, with residual connections between the
    /// narrow ends.
    ///
    /// Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels; and these:
    /// - `alpha`: the width of the layers, as a share of the first form's. Default 1.
    /// - `name`: the model's name; by default as in Keras, such as `mobilenetv2_1.00_224`.
    ///
    /// torchvision's form pads by one on all sides where the stride is 2, and has dropout before the classifier.
    ///
    /// Source: Sandler and others, MobileNetV2: inverted residuals and linear bottlenecks, 2018.
    public static func mobileNetV2(
        inputShape: Shape = [224, 224, 3],
        alpha: Double = 1,
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        variant: Variant = .keras,
        name: String? = nil,
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        let settings = ApplicationSettings(
            name: name ?? mobileName("mobilenetv2", alpha, inputShape),
            inputShape: inputShape,
            classes: classes,
            includeTop: includeTop,
            pooling: pooling,
            classifierActivation: classifierActivation,
            seed: seed,
            options: options
        )
        let width = try Width(alpha, of: settings.name)
        return switch variant {
        case .keras: try kerasMobileNetV2(width, settings)
        case .torchvision: try torchvisionMobileNetV2(width, settings)
        }
    }

    /// The blocks: how much they widen, their channels, how many follow each other, and the stride of the first of these.
    private static let invertedBlocks = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
        (6, 320, 1, 1),
    ]

    private static func kerasMobileNetV2(_ width: Width, _ settings: ApplicationSettings) throws -> Model {
        let input = try settings.input(atLeast: 32)
        var x =
            try input
            .inverted(pointwise: width.divisible(32), 3, stride: 2, names: ("Conv1", "bn_Conv1"))
            .then(ReLU(maxValue: 6, name: "Conv1_relu"))
        var block = 0
        for (expansion, channels, count, firstStride) in invertedBlocks {
            let filters = makeDivisible(Double(width(channels)))
            for place in 0..<count {
                let stride = place == 0 ? firstStride : 1
                let prefix = block == 0 ? "expanded_conv_" : "block_\(block)_"
                let shortcut = x
                if block > 0 {
                    x =
                        try x
                        .inverted(
                            pointwise: expansion * x.channels,
                            names: ("\(prefix)expand", "\(prefix)expand_BN")
                        )
                        .then(ReLU(maxValue: 6, name: "\(prefix)expand_relu"))
                }
                if stride == 2 {
                    x = try x.then(ZeroPadding2D(padding: x.correctPadding(3), name: "\(prefix)pad"))
                }
                let depthwise = DepthwiseConv2D(
                    kernelSize: 3,
                    strides: Size2D(stride, stride),
                    padding: stride == 1 ? .same : .valid,
                    useBias: false,
                    name: "\(prefix)depthwise"
                )
                x =
                    try x
                    .then(depthwise)
                    .then(BatchNormalization(momentum: 0.999, name: "\(prefix)depthwise_BN"))
                    .then(ReLU(maxValue: 6, name: "\(prefix)depthwise_relu"))
                    .inverted(pointwise: filters, names: ("\(prefix)project", "\(prefix)project_BN"))
                if stride == 1, shortcut.channels == filters {
                    x = try shortcut.adding(x, name: "\(prefix)add")
                }
                block += 1
            }
        }
        x =
            try x
            .inverted(pointwise: lastFilters(width), names: ("Conv_1", "Conv_1_bn"))
            .then(ReLU(maxValue: 6, name: "out_relu"))
        let output = try settings.end(x) { features in
            try features.then(GlobalAveragePooling2D()).then(settings.classifier())
        }
        return try settings.model(input, output)
    }

    private static func torchvisionMobileNetV2(_ width: Width, _ settings: ApplicationSettings) throws
        -> Model
    {
        let input = try settings.input(atLeast: 32)
        var x = try input.torchUnit(
            width.divisible(32),
            3,
            stride: 2,
            activation: .relu6,
            names: ("features.0.0", "features.0.1")
        )
        var module = 1
        for (expansion, channels, count, firstStride) in invertedBlocks {
            let filters = width.divisible(channels)
            for place in 0..<count {
                let stride = place == 0 ? firstStride : 1
                let shortcut = x
                let name = "features.\(module).conv"
                var part = 0
                if expansion != 1 {
                    x = try x.torchUnit(
                        expansion * x.channels,
                        1,
                        activation: .relu6,
                        names: ("\(name).0.0", "\(name).0.1")
                    )
                    part = 1
                }
                x =
                    try x
                    .torchUnit(
                        nil,
                        3,
                        stride: stride,
                        activation: .relu6,
                        names: ("\(name).\(part).0", "\(name).\(part).1")
                    )
                    .torchUnit(
                        filters,
                        1,
                        activation: nil,
                        names: ("\(name).\(part + 1)", "\(name).\(part + 2)")
                    )
                if stride == 1, shortcut.channels == filters { x = try shortcut.adding(x) }
                module += 1
            }
        }
        x = try x.torchUnit(
            lastFilters(width),
            1,
            activation: .relu6,
            names: ("features.\(module).0", "features.\(module).1")
        )
        let output = try settings.end(x) { features in
            try features
                .then(GlobalAveragePooling2D())
                .then(Dropout(rate: 0.2, name: "classifier.0"))
                .then(settings.classifier(name: "classifier.1"))
        }
        return try settings.model(input, output)
    }

    /// The number of features: never fewer than those of the first form.
    private static func lastFilters(_ width: Width) -> Int { width.isLarger ? width.divisible(1280) : 1280 }
}

extension Feature {
    /// A convolution without a bias and its normalisation, as MobileNetV2 and V3 have them.
    func inverted(
        pointwise filters: Int,
        _ kernelSize: Size2D = 1,
        stride: Int = 1,
        names: (convolution: String, normalization: String)
    ) throws -> Feature {
        try then(
            Conv2D(
                filters: filters,
                kernelSize: kernelSize,
                strides: Size2D(stride, stride),
                padding: .same,
                useBias: false,
                name: names.convolution
            )
        )
        .then(BatchNormalization(momentum: 0.999, name: names.normalization))
    }
}

/// Keras' name of a MobileNet: its width and the height of its images are part of it.
func mobileName(_ name: String, _ alpha: Double, _ inputShape: Shape) -> String {
    let hundredths = alpha.isFinite ? Int((min(max(alpha, 0), 1e6) * 100).rounded(.toNearestOrEven)) : 0
    let rest = String(hundredths % 100)
    return "\(name)_\(hundredths / 100).\(rest.count < 2 ? "0" : "")\(rest)_\(inputShape.first ?? 0)"
}
