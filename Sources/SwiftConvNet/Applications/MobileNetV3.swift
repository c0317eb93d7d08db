extension Applications {
    /// MobileNetV3, the smaller one: blocks as in MobileNetV2, many with squeeze and excitation, and hard swish as the activation.
    ///
    /// Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels; and these:
    /// - `alpha`: the width of the layers, as a share of the first form's. Default 1.
    /// - `minimalistic`: whether blocks do without windows of 5 by 5, squeeze and excitation, and hard swish. Default `false`.
    /// - `dropoutRate`: the share of features to drop before the classifier. Default 0.2.
    /// - `includePreprocessing`: whether pixels are of 0...255 and the model scales them to -1...1. Default `true`.
    ///
    /// Source: Howard and others, Searching for MobileNetV3, 2019.
    public static func mobileNetV3Small(
        inputShape: Shape = [224, 224, 3],
        alpha: Double = 1,
        minimalistic: Bool = false,
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        dropoutRate: Float = 0.2,
        includePreprocessing: Bool = true,
        name: String = "MobileNetV3Small",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try mobileNetV3(
            smallBlocks,
            lastFilters: 1024,
            alpha: alpha,
            isMinimalistic: minimalistic,
            dropoutRate: dropoutRate,
            includePreprocessing: includePreprocessing,
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

    /// MobileNetV3, the larger one: 15 blocks in place of 11.
    ///
    /// Arguments as in `mobileNetV3Small`, and the source.
    public static func mobileNetV3Large(
        inputShape: Shape = [224, 224, 3],
        alpha: Double = 1,
        minimalistic: Bool = false,
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        dropoutRate: Float = 0.2,
        includePreprocessing: Bool = true,
        name: String = "MobileNetV3Large",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try mobileNetV3(
            largeBlocks,
            lastFilters: 1280,
            alpha: alpha,
            isMinimalistic: minimalistic,
            dropoutRate: dropoutRate,
            includePreprocessing: includePreprocessing,
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

    /// One block: how much it widens, its channels and its window, and whether it has squeeze and excitation and hard swish in the
    /// form that is not minimalistic.
    private struct Block {
        let expansion: Double
        let channels: Int
        let kernelSize: Int
        let stride: Int
        let squeezes: Bool
        let isHardSwish: Bool

        init(
            _ expansion: Double,
            _ channels: Int,
            _ kernelSize: Int,
            _ stride: Int,
            _ squeezes: Bool,
            _ isHardSwish: Bool
        ) {
            self.expansion = expansion
            self.channels = channels
            self.kernelSize = kernelSize
            self.stride = stride
            self.squeezes = squeezes
            self.isHardSwish = isHardSwish
        }
    }

    private static let smallBlocks = [
        Block(1, 16, 3, 2, true, false), Block(72.0 / 16, 24, 3, 2, false, false),
        Block(88.0 / 24, 24, 3, 1, false, false), Block(4, 40, 5, 2, true, true),
        Block(6, 40, 5, 1, true, true),
        Block(6, 40, 5, 1, true, true), Block(3, 48, 5, 1, true, true), Block(3, 48, 5, 1, true, true),
        Block(6, 96, 5, 2, true, true), Block(6, 96, 5, 1, true, true), Block(6, 96, 5, 1, true, true),
    ]

    private static let largeBlocks = [
        Block(1, 16, 3, 1, false, false), Block(4, 24, 3, 2, false, false), Block(3, 24, 3, 1, false, false),
        Block(3, 40, 5, 2, true, false), Block(3, 40, 5, 1, true, false), Block(3, 40, 5, 1, true, false),
        Block(6, 80, 3, 2, false, true), Block(2.5, 80, 3, 1, false, true), Block(2.3, 80, 3, 1, false, true),
        Block(2.3, 80, 3, 1, false, true), Block(6, 112, 3, 1, true, true), Block(6, 112, 3, 1, true, true),
        Block(6, 160, 5, 2, true, true), Block(6, 160, 5, 1, true, true), Block(6, 160, 5, 1, true, true),
    ]

    private static func mobileNetV3(
        _ blocks: [Block],
        lastFilters: Int,
        alpha: Double,
        isMinimalistic: Bool,
        dropoutRate: Float,
        includePreprocessing: Bool,
        _ settings: ApplicationSettings
    ) throws -> Model {
        let width = try Width(alpha, of: settings.name)
        let input = try settings.input(atLeast: 32)
        let activation: ActivationFunction = isMinimalistic ? .relu : .hardSilu
        var x = input
        if includePreprocessing { x = try x.then(Rescaling(scale: 1 / 127.5, offset: -1)) }
        x =
            try x
            .inverted(pointwise: 16, 3, stride: 2, names: ("conv", "conv_bn"))
            .activated(activation)
        for (place, block) in blocks.enumerated() {
            x = try x.invertedResidual(
                expanded: place == 0 ? nil : makeDivisible(Double(x.channels) * block.expansion),
                filters: width.divisible(block.channels),
                kernelSize: isMinimalistic ? 3 : block.kernelSize,
                stride: block.stride,
                squeezes: block.squeezes && !isMinimalistic,
                activation: block.isHardSwish ? activation : .relu,
                prefix: place == 0 ? "expanded_conv_" : "expanded_conv_\(place)_"
            )
        }
        x =
            try x
            .inverted(pointwise: makeDivisible(Double(x.channels * 6)), names: ("conv_1", "conv_1_bn"))
            .activated(activation)
        let output = try settings.end(x, names: poolNames) { features in
            var x =
                try features
                .then(GlobalAveragePooling2D(keepDims: true))
                .then(
                    Conv2D(
                        filters: width.isLarger ? width.divisible(lastFilters) : lastFilters,
                        kernelSize: 1,
                        padding: .same,
                        name: "conv_2"
                    )
                )
                .activated(activation)
            if dropoutRate != 0 { x = try x.then(Dropout(rate: dropoutRate)) }
            return
                try x
                .then(Conv2D(filters: settings.classes, kernelSize: 1, padding: .same, name: "logits"))
                .then(Flatten())
                .then(Activation(settings.classifierActivation, name: "predictions"))
        }
        return try settings.model(input, output)
    }
}

extension Feature {
    /// A rectifier as a `ReLU`, any other activation as an `Activation`, as in Keras' network.
    fileprivate func activated(_ function: ActivationFunction) throws -> Feature {
        try function == .relu ? then(ReLU()) : then(Activation(function))
    }

    /// - Parameter expanded: the number of channels within the block; `nil` to stay at those of the input.
    fileprivate func invertedResidual(
        expanded: Int?,
        filters: Int,
        kernelSize: Int,
        stride: Int,
        squeezes: Bool,
        activation: ActivationFunction,
        prefix: String
    ) throws -> Feature {
        var x = self
        if let expanded {
            x =
                try x
                .inverted(pointwise: expanded, names: ("\(prefix)expand", "\(prefix)expand_bn"))
                .activated(activation)
        }
        if stride == 2 {
            x = try x.then(
                ZeroPadding2D(padding: x.correctPadding(kernelSize), name: "\(prefix)depthwise_pad")
            )
        }
        x =
            try x
            .then(
                DepthwiseConv2D(
                    kernelSize: Size2D(kernelSize, kernelSize),
                    strides: Size2D(stride, stride),
                    padding: stride == 1 ? .same : .valid,
                    useBias: false,
                    name: "\(prefix)depthwise"
                )
            )
            .then(BatchNormalization(momentum: 0.999, name: "\(prefix)depthwise_bn"))
            .activated(activation)
        if squeezes { x = try x.squeezedAndExcited(prefix: "\(prefix)squeeze_excite_") }
        x = try x.inverted(pointwise: filters, names: ("\(prefix)project", "\(prefix)project_bn"))
        return try stride == 1 && channels == filters ? adding(x, name: "\(prefix)add") : x
    }

    /// The channels, each times a number that follows from the means of all.
    private func squeezedAndExcited(prefix: String) throws -> Feature {
        let gate =
            try then(GlobalAveragePooling2D(keepDims: true, name: "\(prefix)avg_pool"))
            .then(
                Conv2D(
                    filters: makeDivisible(Double(channels) * 0.25),
                    kernelSize: 1,
                    padding: .same,
                    name: "\(prefix)conv"
                )
            )
            .then(ReLU(name: "\(prefix)relu"))
            .then(Conv2D(filters: channels, kernelSize: 1, padding: .same, name: "\(prefix)conv_1"))
            .then(Activation(.hardSigmoid, name: "\(prefix)hard_sigmoid"))
        return try Feature(Multiply(name: "\(prefix)mul"), of: [self, gate])
    }
}
