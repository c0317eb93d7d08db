extension Applications {
    /// EfficientNet-B0: blocks as in MobileNetV2 with squeeze and excitation, whose numbers and widths a search has found.
    ///
    /// Pixels are of 0...255: the model divides them by 255, and normalises them by `Normalization`, which changes nothing until its mean
    /// and variance are set. While training, a residual block is left out for some images at random. Arguments as in `Applications`;
    /// images of `[224, 224, 3]` by default, of at least 32 by 32 pixels.
    ///
    /// Source: Tan and Le, EfficientNet: rethinking model scaling for convolutional neural networks, 2019.
    public static func efficientNetB0(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "efficientnetb0",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try efficientNet(
            width: 1,
            depth: 1,
            dropoutRate: 0.2,
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

    /// EfficientNet-B1: EfficientNet-B0 with 1.1 times as many blocks.
    ///
    /// Arguments as in `efficientNetB0`, and the source; images of `[240, 240, 3]` by default.
    public static func efficientNetB1(
        inputShape: Shape = [240, 240, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "efficientnetb1",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try efficientNet(
            width: 1,
            depth: 1.1,
            dropoutRate: 0.2,
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

    /// EfficientNet-B2: EfficientNet-B0 with 1.2 times as many blocks of 1.1 times the width.
    ///
    /// Arguments as in `efficientNetB0`, and the source; images of `[260, 260, 3]` by default.
    public static func efficientNetB2(
        inputShape: Shape = [260, 260, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "efficientnetb2",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try efficientNet(
            width: 1.1,
            depth: 1.2,
            dropoutRate: 0.3,
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

    /// EfficientNet-B3: EfficientNet-B0 with 1.4 times as many blocks of 1.2 times the width.
    ///
    /// Arguments as in `efficientNetB0`, and the source; images of `[300, 300, 3]` by default.
    public static func efficientNetB3(
        inputShape: Shape = [300, 300, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "efficientnetb3",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try efficientNet(
            width: 1.2,
            depth: 1.4,
            dropoutRate: 0.3,
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

    /// A stage of B0: its window, the number of its blocks, their channels, how much they widen, and the first one's stride.
    private static let stages = [
        (kernelSize: 3, count: 1, filters: 16, expansion: 1, stride: 1),
        (kernelSize: 3, count: 2, filters: 24, expansion: 6, stride: 2),
        (kernelSize: 5, count: 2, filters: 40, expansion: 6, stride: 2),
        (kernelSize: 3, count: 3, filters: 80, expansion: 6, stride: 2),
        (kernelSize: 5, count: 3, filters: 112, expansion: 6, stride: 1),
        (kernelSize: 5, count: 4, filters: 192, expansion: 6, stride: 2),
        (kernelSize: 3, count: 1, filters: 320, expansion: 6, stride: 1),
    ]
    /// The share of images for which the last residual block is left out; it rises from 0 at the first one.
    private static let dropConnectRate = 0.2

    private static func efficientNet(
        width: Double,
        depth: Double,
        dropoutRate: Float,
        _ settings: ApplicationSettings
    ) throws -> Model {
        let width = try Width(width, of: settings.name)
        let input = try settings.input(atLeast: 32)
        func repeats(_ count: Int) -> Int { Int((depth * Double(count)).rounded(.up)) }
        var x = try input.then(Rescaling(scale: 1 / 255)).then(Normalization())
        x =
            try x
            .then(ZeroPadding2D(padding: x.correctPadding(3), name: "stem_conv_pad"))
            .then(
                Conv2D(
                    filters: width.divisible(32),
                    kernelSize: 3,
                    strides: 2,
                    useBias: false,
                    kernelInitializer: .heFanOut,
                    name: "stem_conv"
                )
            )
            .then(BatchNormalization(name: "stem_bn"))
            .then(Activation(.silu, name: "stem_activation"))
        let total = stages.reduce(0) { $0 + repeats($1.count) }
        var done = 0
        for (stage, settings) in stages.enumerated() {
            for (block, letter) in zip(0..<repeats(settings.count), "abcdefghijklmnopqrstuvwxyz") {
                x = try x.efficientBlock(
                    filters: width.divisible(settings.filters),
                    kernelSize: settings.kernelSize,
                    stride: block == 0 ? settings.stride : 1,
                    expansion: settings.expansion,
                    dropRate: Float(dropConnectRate * Double(done) / Double(total)),
                    prefix: "block\(stage + 1)\(letter)_"
                )
                done += 1
            }
        }
        x = try x.efficientUnit(
            width.divisible(1280),
            names: ("top_conv", "top_bn"),
            activation: "top_activation"
        )
        let output = try settings.end(x, names: poolNames) { features in
            try features
                .then(GlobalAveragePooling2D(name: "avg_pool"))
                .then(Dropout(rate: dropoutRate, name: "top_dropout"))
                .then(
                    settings.classifier(
                        .varianceScaling(scale: 1.0 / 3, mode: .fanOut, distribution: .uniform)
                    )
                )
        }
        return try settings.model(input, output)
    }
}

extension Feature {
    /// A convolution of single pixels, its normalisation, and swish unless `activation`, its name, is `nil`.
    fileprivate func efficientUnit(
        _ filters: Int,
        names: (convolution: String, normalization: String),
        activation: String?
    ) throws -> Feature {
        let normal =
            try then(
                Conv2D(
                    filters: filters,
                    kernelSize: 1,
                    padding: .same,
                    useBias: false,
                    kernelInitializer: .heFanOut,
                    name: names.convolution
                )
            )
            .then(BatchNormalization(name: names.normalization))
        return try activation.map { try normal.then(Activation(.silu, name: $0)) } ?? normal
    }

    fileprivate func efficientBlock(
        filters: Int,
        kernelSize: Int,
        stride: Int,
        expansion: Int,
        dropRate: Float,
        prefix: String
    ) throws -> Feature {
        var x = self
        if expansion != 1 {
            x = try x.efficientUnit(
                channels * expansion,
                names: ("\(prefix)expand_conv", "\(prefix)expand_bn"),
                activation: "\(prefix)expand_activation"
            )
        }
        if stride == 2 {
            x = try x.then(
                ZeroPadding2D(padding: x.correctPadding(kernelSize), name: "\(prefix)dwconv_pad")
            )
        }
        let depthwise = DepthwiseConv2D(
            kernelSize: Size2D(kernelSize, kernelSize),
            strides: Size2D(stride, stride),
            padding: stride == 1 ? .same : .valid,
            useBias: false,
            depthwiseInitializer: .heFanOut,
            name: "\(prefix)dwconv"
        )
        x =
            try x
            .then(depthwise)
            .then(BatchNormalization(name: "\(prefix)bn"))
            .then(Activation(.silu, name: "\(prefix)activation"))
        func gate(_ filters: Int, _ activation: ActivationFunction, _ name: String) -> Conv2D {
            Conv2D(
                filters: filters,
                kernelSize: 1,
                padding: .same,
                activation: activation,
                kernelInitializer: .heFanOut,
                name: "\(prefix)\(name)"
            )
        }
        let gates =
            try x
            .then(GlobalAveragePooling2D(name: "\(prefix)se_squeeze"))
            .then(Reshape(targetShape: [1, 1, x.channels], name: "\(prefix)se_reshape"))
            .then(gate(max(1, channels / 4), .silu, "se_reduce"))
            .then(gate(x.channels, .sigmoid, "se_expand"))
        x =
            try Feature(Multiply(name: "\(prefix)se_excite"), of: [x, gates])
            .efficientUnit(
                filters,
                names: ("\(prefix)project_conv", "\(prefix)project_bn"),
                activation: nil
            )
        guard stride == 1, channels == filters else { return x }
        if dropRate > 0 {
            x = try x.then(Dropout(rate: dropRate, noiseShape: [nil, 1, 1, 1], name: "\(prefix)drop"))
        }
        return try x.adding(self, name: "\(prefix)add")
    }
}
