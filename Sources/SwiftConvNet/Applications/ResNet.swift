extension Applications {
    /// ResNet-18: a convolution, and 8 residual blocks of two convolutions.
    ///
    /// It is torchvision's, with the names of its modules; Keras does not have it. Arguments as in `Applications`; images of
    /// `[224, 224, 3]` by default, of at least 32 by 32 pixels.
    ///
    /// Source: He and others, Deep residual learning for image recognition, 2015.
    public static func resNet18(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "resnet18",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try torchvisionResNet(
            [2, 2, 2, 2],
            hasBottlenecks: false,
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

    /// ResNet-34: a convolution, and 16 residual blocks of two convolutions.
    ///
    /// It is torchvision's, with the names of its modules; Keras does not have it. Arguments as in `Applications`; images of
    /// `[224, 224, 3]` by default, of at least 32 by 32 pixels.
    ///
    /// Source: He and others, Deep residual learning for image recognition, 2015.
    public static func resNet34(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "resnet34",
        seed: UInt64 = 0,
        options: ComputeOptions = ComputeOptions()
    ) throws -> Model {
        try torchvisionResNet(
            [3, 4, 6, 3],
            hasBottlenecks: false,
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

    /// ResNet-50: a convolution, and 16 residual blocks of three convolutions.
    ///
    /// Keras' form has the stride in the first convolution of a block, and biases; torchvision's has it in the second one ("version
    /// 1.5"), and no biases. Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels.
    ///
    /// Source: He and others, Deep residual learning for image recognition, 2015.
    public static func resNet50(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        variant: Variant = .keras,
        name: String = "resnet50",
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
        return switch variant {
        case .keras: try kerasResNet([3, 4, 6, 3], settings)
        case .torchvision: try torchvisionResNet([3, 4, 6, 3], hasBottlenecks: true, settings)
        }
    }

    /// ResNet-101: a convolution, and 33 residual blocks of three convolutions.
    ///
    /// Keras' form has the stride in the first convolution of a block, and biases; torchvision's has it in the second one ("version
    /// 1.5"), and no biases. Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels.
    ///
    /// Source: He and others, Deep residual learning for image recognition, 2015.
    public static func resNet101(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        variant: Variant = .keras,
        name: String = "resnet101",
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
        return switch variant {
        case .keras: try kerasResNet([3, 4, 23, 3], settings)
        case .torchvision: try torchvisionResNet([3, 4, 23, 3], hasBottlenecks: true, settings)
        }
    }

    /// - Parameter blocks: how many blocks each of the four stages has.
    private static func kerasResNet(_ blocks: [Int], _ settings: ApplicationSettings) throws -> Model {
        let input = try settings.input(atLeast: 32)
        let epsilon: Float = 1.001e-5
        func normalization(_ name: String) -> BatchNormalization {
            BatchNormalization(epsilon: epsilon, name: name)
        }
        var x =
            try input
            .padded(3, name: "conv1_pad")
            .then(Conv2D(filters: 64, kernelSize: 7, strides: 2, name: "conv1_conv"))
            .then(normalization("conv1_bn"))
            .then(Activation(.relu, name: "conv1_relu"))
            .padded(1, name: "pool1_pad")
            .then(MaxPooling2D(poolSize: 3, strides: 2, name: "pool1_pool"))
        for (stage, count) in blocks.enumerated() {
            let filters = 64 << stage
            for block in 1...count {
                let name = "conv\(stage + 2)_block\(block)"
                let stride = block == 1 && stage > 0 ? 2 : 1
                func convolution(_ place: Int, _ filters: Int, _ kernelSize: Size2D = 1, stride: Int = 1)
                    -> Conv2D
                {
                    Conv2D(
                        filters: filters,
                        kernelSize: kernelSize,
                        strides: Size2D(stride, stride),
                        padding: .same,
                        name: "\(name)_\(place)_conv"
                    )
                }
                let shortcut =
                    try block > 1
                    ? x
                    : x.then(convolution(0, 4 * filters, stride: stride))
                        .then(normalization("\(name)_0_bn"))
                x =
                    try x.then(convolution(1, filters, stride: stride))
                    .then(normalization("\(name)_1_bn"))
                    .then(Activation(.relu, name: "\(name)_1_relu"))
                    .then(convolution(2, filters, 3))
                    .then(normalization("\(name)_2_bn"))
                    .then(Activation(.relu, name: "\(name)_2_relu"))
                    .then(convolution(3, 4 * filters))
                    .then(normalization("\(name)_3_bn"))
                x = try shortcut.adding(x, name: "\(name)_add").then(Activation(.relu, name: "\(name)_out"))
            }
        }
        let output = try settings.end(x, names: poolNames) { features in
            try features.then(GlobalAveragePooling2D(name: "avg_pool")).then(settings.classifier())
        }
        return try settings.model(input, output)
    }

    /// - Parameters:
    ///   - blocks: how many blocks each of the four stages has.
    ///   - hasBottlenecks: whether blocks have three convolutions, of which only one is wider than a pixel; if not, they have two.
    private static func torchvisionResNet(
        _ blocks: [Int],
        hasBottlenecks: Bool,
        _ settings: ApplicationSettings
    ) throws -> Model {
        let input = try settings.input(atLeast: 32)
        var x =
            try input
            .torchUnit(64, 7, stride: 2, names: ("conv1", "bn1"))
            .padded(1)
            .then(MaxPooling2D(poolSize: 3, strides: 2, name: "maxpool"))
        for (stage, count) in blocks.enumerated() {
            let filters = 64 << stage
            let width = hasBottlenecks ? 4 * filters : filters
            for block in 0..<count {
                let name = "layer\(stage + 1).\(block)"
                let stride = block == 0 && stage > 0 ? 2 : 1
                let shortcut =
                    try stride == 1 && x.channels == width
                    ? x
                    : x.torchUnit(
                        width,
                        1,
                        stride: stride,
                        activation: nil,
                        names: ("\(name).downsample.0", "\(name).downsample.1")
                    )
                let units =
                    hasBottlenecks
                    ? [(filters, 1, 1), (filters, 3, stride), (width, 1, 1)]
                    : [(filters, 3, stride), (filters, 3, 1)]
                for (place, unit) in units.enumerated() {
                    x = try x.torchUnit(
                        unit.0,
                        unit.1,
                        stride: unit.2,
                        activation: place < units.count - 1 ? .relu : nil,
                        names: ("\(name).conv\(place + 1)", "\(name).bn\(place + 1)")
                    )
                }
                x = try x.adding(shortcut).then(Activation(.relu))
            }
        }
        let output = try settings.end(x) { features in
            try features.then(GlobalAveragePooling2D(name: "avgpool")).then(settings.classifier(name: "fc"))
        }
        return try settings.model(input, output)
    }
}
