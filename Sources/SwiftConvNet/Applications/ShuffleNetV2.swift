extension Applications {
    /// ShuffleNet V2: blocks that pass on half of the channels as they are, and shuffle the channels of both halves.
    ///
    /// It is torchvision's, with the names of its modules; Keras does not have it. Arguments as in `Applications`; images of
    /// `[224, 224, 3]` by default, of at least 32 by 32 pixels; and this:
    /// - `width`: how wide it is. Default `.x1`.
    ///
    /// Source: Ma and others, ShuffleNet V2: practical guidelines for efficient CNN architecture design, 2018.
    public static func shuffleNetV2(
        inputShape: Shape = [224, 224, 3],
        width: ShuffleNetWidth = .x1,
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "shufflenetv2",
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
        var x =
            try input
            .torchUnit(24, 3, stride: 2, names: ("conv1.0", "conv1.1"))
            .padded(1)
            .then(MaxPooling2D(poolSize: 3, strides: 2, name: "maxpool"))
        let (channels, last) = width.channels
        for (stage, count) in [4, 8, 4].enumerated() {
            for block in 0..<count {
                let name = "stage\(stage + 2).\(block)"
                let filters = channels << stage
                x = try x.shuffleBlock(filters, stride: block == 0 ? 2 : 1, name: name)
            }
        }
        x = try x.torchUnit(last, 1, names: ("conv5.0", "conv5.1"))
        let output = try settings.end(x) { features in
            try features.then(GlobalAveragePooling2D()).then(settings.classifier(name: "fc"))
        }
        return try settings.model(input, output)
    }

    /// How wide a ShuffleNet V2 is.
    public enum ShuffleNetWidth: Sendable, Hashable {
        /// Half the width: 48 channels in the first stage.
        case x0_5
        /// 116 channels in the first stage.
        case x1
        /// One and a half times the width: 176 channels in the first stage.
        case x1_5
        /// Twice the width: 244 channels in the first stage.
        case x2

        /// Those of the first stage, and those of the features.
        fileprivate var channels: (first: Int, last: Int) {
            switch self {
            case .x0_5: (48, 1024)
            case .x1: (116, 1024)
            case .x1_5: (176, 1024)
            case .x2: (244, 2048)
            }
        }
    }
}

extension Feature {
    fileprivate func shuffleBlock(_ filters: Int, stride: Int, name: String) throws -> Feature {
        let half = filters / 2
        let first: Feature
        if stride == 1 {
            first = try channelHalf(0)
        } else {
            first =
                try torchUnit(
                    nil,
                    3,
                    stride: stride,
                    activation: nil,
                    names: ("\(name).branch1.0", "\(name).branch1.1")
                )
                .torchUnit(half, 1, names: ("\(name).branch1.2", "\(name).branch1.3"))
        }
        let second =
            try (stride == 1 ? channelHalf(1) : self)
            .torchUnit(half, 1, names: ("\(name).branch2.0", "\(name).branch2.1"))
            .torchUnit(
                nil,
                3,
                stride: stride,
                activation: nil,
                names: ("\(name).branch2.3", "\(name).branch2.4")
            )
            .torchUnit(half, 1, names: ("\(name).branch2.5", "\(name).branch2.6"))
        return try Feature(Concatenate(), of: [first, second]).shuffled()
    }

    /// One half of the channels.
    private func channelHalf(_ place: Int) throws -> Feature {
        let (height, width, half) = (shape[0], shape[1], channels / 2)
        return
            try then(Reshape(targetShape: [height, width, 2, half]))
            .then(
                Cropping3D(
                    cropping: (
                        (front: 0, back: 0), (top: 0, bottom: 0), (left: place, right: 1 - place)
                    )
                )
            )
            .then(Reshape(targetShape: [height, width, half]))
    }

    /// The channels of both halves in turn.
    private func shuffled() throws -> Feature {
        try then(Reshape(targetShape: [shape[0], shape[1], 2, channels / 2]))
            .then(Permute(dims: [1, 2, 4, 3]))
            .then(Reshape(targetShape: shape))
    }
}
