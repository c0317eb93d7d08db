extension Applications {
    /// A vision transformer: the image's patches as a sequence, and blocks of attention among them. By default it is the size of ViT-Ti/16.
    ///
    /// There is no class token: the classifier reads the mean of all patches, as in "Better plain ViT baselines for ImageNet-1k" (Beyer and
    /// others, 2022). Arguments as in `Applications`; images of `[224, 224, 3]` by default, with a height and a width divisible by the patch
    /// size; and these:
    /// - `patchSize`: height and width of a patch in pixels. Default 16.
    /// - `width`: the number of features of a patch, divisible by `heads`. Default 192.
    /// - `depth`: the number of blocks. Default 12.
    /// - `heads`: the number of attention heads. Default 3.
    ///
    /// Without the top and without pooling the features are `[patches, width]`.
    ///
    /// Source: Dosovitskiy and others, An image is worth 16x16 words, 2020.
    public static func visionTransformer(
        inputShape: Shape = [224, 224, 3],
        patchSize: Int = 16,
        width: Int = 192,
        depth: Int = 12,
        heads: Int = 3,
        classes: Int = 1000,
        includeTop: Bool = true,
        pooling: Pooling? = nil,
        classifierActivation: ActivationFunction = .softmax,
        name: String = "vit",
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
        guard (1...4096).contains(patchSize), (1...1024).contains(depth), (1...65536).contains(width),
            heads >= 1, width % heads == 0
        else {
            throw ConvNetError(
                .argument,
                "Settings that a vision transformer cannot have",
                at: name,
                expected:
                    "patchSize in 1...4096, depth in 1...1024, width in 1...65536 and divisible by heads",
                received: "patchSize \(patchSize), width \(width), depth \(depth), heads \(heads)"
            )
        }
        let input = try settings.input(atLeast: patchSize, divisibleBy: patchSize)
        func normalization(_ name: String) -> LayerNormalization {
            LayerNormalization(epsilon: 1e-6, name: name)
        }
        let size = Size2D(patchSize, patchSize)
        let patches = try input.then(
            Conv2D(filters: width, kernelSize: size, strides: size, name: "patch_embedding")
        )
        var x =
            try patches
            .then(Reshape(targetShape: [patches.shape[0] * patches.shape[1], width], name: "tokens"))
            .then(PositionEmbedding(name: "position_embedding"))
        for block in 1...depth {
            let normal = try x.then(normalization("block\(block)_attention_norm"))
            let attention = MultiHeadAttention(
                numHeads: heads,
                keyDim: width / heads,
                name: "block\(block)_attention"
            )
            x = try x.adding(
                Feature(attention, of: [normal, normal]),
                name: "block\(block)_attention_add"
            )
            let change =
                try x
                .then(normalization("block\(block)_mlp_norm"))
                .then(Dense(units: 4 * width, activation: .gelu(), name: "block\(block)_mlp_1"))
                .then(Dense(units: width, name: "block\(block)_mlp_2"))
            x = try x.adding(change, name: "block\(block)_mlp_add")
        }
        let output = try settings.end(x.then(normalization("norm")), names: poolNames) { features in
            try features.then(GlobalAveragePooling1D(name: "avg_pool")).then(settings.classifier())
        }
        return try settings.model(input, output)
    }
}
