extension Applications {
    /// DenseNet-121: blocks in which each layer reads the outputs of all before it.
    ///
    /// Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels. torchvision's form has another
    /// epsilon and momentum.
    ///
    /// Source: Huang and others, Densely connected convolutional networks, 2016.
    public static func denseNet121(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        variant: Variant = .keras,
        name: String = "densenet121",
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
        let input = try settings.input(atLeast: 32)
        let names = DenseNames(variant)
        func normalization(_ name: String) -> BatchNormalization {
            variant == .keras ? BatchNormalization(epsilon: 1.001e-5, name: name) : .torch(name)
        }
        func convolution(
            _ filters: Int,
            _ kernelSize: Size2D,
            stride: Int = 1,
            padding: Padding = .same,
            _ name: String
        ) -> Conv2D {
            Conv2D(
                filters: filters,
                kernelSize: kernelSize,
                strides: Size2D(stride, stride),
                padding: padding,
                useBias: false,
                name: name
            )
        }
        var x =
            try input
            .padded(3)
            .then(convolution(64, 7, stride: 2, padding: .valid, names.stem(.convolution)))
            .then(normalization(names.stem(.normalization)))
            .then(Activation(.relu, name: names.stem(.activation)))
            .padded(1)
            .then(MaxPooling2D(poolSize: 3, strides: 2, name: names.stem(.pooling)))
        let blocks = [6, 12, 24, 16]
        let growth = 32
        for (block, count) in blocks.enumerated() {
            for layer in 0..<count {
                let new =
                    try x
                    .then(normalization(names.layer(block, layer, .normalization, 0)))
                    .then(Activation(.relu, name: names.layer(block, layer, .activation, 0)))
                    .then(convolution(4 * growth, 1, names.layer(block, layer, .convolution, 1)))
                    .then(normalization(names.layer(block, layer, .normalization, 1)))
                    .then(Activation(.relu, name: names.layer(block, layer, .activation, 1)))
                    .then(convolution(growth, 3, names.layer(block, layer, .convolution, 2)))
                x = try Feature(Concatenate(name: names.concatenation(block, layer)), of: [x, new])
            }
            guard block < blocks.count - 1 else { break }
            x =
                try x
                .then(normalization(names.transition(block, .normalization)))
                .then(Activation(.relu, name: names.transition(block, .activation)))
                .then(convolution(x.channels / 2, 1, names.transition(block, .convolution)))
                .then(AveragePooling2D(poolSize: 2, name: names.transition(block, .pooling)))
        }
        x =
            try x
            .then(normalization(names.last(.normalization)))
            .then(Activation(.relu, name: names.last(.activation)))
        let output = try settings.end(x, names: poolNames) { features in
            try features
                .then(GlobalAveragePooling2D(name: "avg_pool"))
                .then(settings.classifier(name: variant == .keras ? "predictions" : "classifier"))
        }
        return try settings.model(input, output)
    }
}

/// The names of the layers of a DenseNet, Keras' or those of torchvision's modules.
private struct DenseNames {
    enum Part: String {
        case convolution = "conv"
        case normalization = "bn"
        case activation = "relu"
        case pooling = "pool"

        /// As in torchvision.
        var torch: String { self == .normalization ? "norm" : rawValue }
    }

    private let isKeras: Bool

    init(_ variant: Applications.Variant) { isKeras = variant == .keras }

    func stem(_ part: Part) -> String {
        guard isKeras else { return "features.\(part.torch)0" }
        return part == .pooling ? "pool1" : "conv1_\(part.rawValue)"
    }

    /// - Parameter place: Keras' number of the part within the layer.
    func layer(_ block: Int, _ layer: Int, _ part: Part, _ place: Int) -> String {
        guard isKeras else {
            // torchvision counts each kind of part.
            let number = part == .convolution ? place : place + 1
            return "features.denseblock\(block + 1).denselayer\(layer + 1).\(part.torch)\(number)"
        }
        return "conv\(block + 2)_block\(layer + 1)_\(place)_\(part.rawValue)"
    }

    func concatenation(_ block: Int, _ layer: Int) -> String? {
        isKeras ? "conv\(block + 2)_block\(layer + 1)_concat" : nil
    }

    func transition(_ block: Int, _ part: Part) -> String {
        isKeras ? "pool\(block + 2)_\(part.rawValue)" : "features.transition\(block + 1).\(part.torch)"
    }

    func last(_ part: Part) -> String {
        isKeras ? part.rawValue : "features.\(part.torch)5"
    }
}
