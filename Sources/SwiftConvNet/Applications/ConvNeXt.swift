extension Applications {
    /// ConvNeXt, the tiny one: residual blocks of a wide convolution of each channel by itself, a layer normalisation and two dense layers.
    ///
    /// Arguments as in `Applications`; images of `[224, 224, 3]` by default, of at least 32 by 32 pixels; and this:
    /// - `includePreprocessing`: whether pixels are of 0...255 and the model normalises them by the mean and the variance of ImageNet; it
    ///   counts only for three channels. Default `true`.
    ///
    /// Source: Liu and others, A ConvNet for the 2020s, 2022.
    public static func convNeXtTiny(
        inputShape: Shape = [224, 224, 3],
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        includePreprocessing: Bool = true,
        name: String = "convnext_tiny",
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
        func normalization(_ name: String?) -> LayerNormalization {
            LayerNormalization(epsilon: 1e-6, name: name)
        }
        var x = input
        if includePreprocessing, input.channels == 3 {
            let variance = [0.229, 0.224, 0.225].map { Float(($0 * 255) * ($0 * 255)) }
            x = try x.then(
                Normalization(
                    mean: [0.485, 0.456, 0.406].map { Float($0 * 255) },
                    variance: variance,
                    name: "\(name)_prestem_normalization"
                )
            )
        }
        for (stage, (width, count)) in [(96, 3), (192, 3), (384, 9), (768, 3)].enumerated() {
            // Keras has nested models here, which are part of the names of their layers.
            if stage == 0 {
                let stem = LayerOutput.Scope(name: "\(name)_stem")
                x =
                    try x
                    .then(
                        Conv2D(filters: width, kernelSize: 4, strides: 4, name: "\(name)_stem_conv"),
                        in: stem
                    )
                    .then(normalization("\(name)_stem_layernorm"), in: stem)
            } else {
                let block = LayerOutput.Scope(name: "\(name)_downsampling_block_\(stage - 1)")
                x =
                    try x
                    .then(normalization("\(name)_downsampling_layernorm_\(stage - 1)"), in: block)
                    .then(
                        Conv2D(
                            filters: width,
                            kernelSize: 2,
                            strides: 2,
                            name: "\(name)_downsampling_conv_\(stage - 1)"
                        ),
                        in: block
                    )
            }
            for block in 0..<count {
                let prefix = "\(name)_stage_\(stage)_block_\(block)"
                let depthwise = Conv2D(
                    filters: width,
                    kernelSize: 7,
                    padding: .same,
                    groups: width,
                    name: "\(prefix)_depthwise_conv"
                )
                let change =
                    try x
                    .then(depthwise)
                    .then(normalization("\(prefix)_layernorm"))
                    .then(Dense(units: 4 * width, name: "\(prefix)_pointwise_conv_1"))
                    .then(Activation(.gelu(), name: "\(prefix)_gelu"))
                    .then(Dense(units: width, name: "\(prefix)_pointwise_conv_2"))
                    .then(LayerScale(initValues: 1e-6, name: "\(prefix)_layer_scale"))
                x = try x.adding(change)
            }
        }
        var output = try settings.end(x) { features in
            try features
                .then(GlobalAveragePooling2D(name: "\(name)_head_gap"))
                .then(normalization("\(name)_head_layernorm"))
                .then(settings.classifier(name: "\(name)_head_dense"))
        }
        if !includeTop { output = try output.then(normalization(nil)) }
        return try settings.model(input, output)
    }
}
