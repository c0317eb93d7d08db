import ConvNetInterop

extension Zoo {
    private static let image: Shape = [8, 10, 3]
    private static let volume: Shape = [5, 6, 4, 2]

    mutating func addConvolutions() {
        chain(
            "conv1d",
            [12, 3],
            [
                Conv1D(filters: 4, kernelSize: 3, padding: .causal, dilationRate: 2, activation: .relu),
                Conv1D(filters: 2, kernelSize: 3, strides: 2),
            ]
        )
        chain(
            "conv2d",
            Self.image,
            [
                Conv2D(
                    filters: 6,
                    kernelSize: [3, 2],
                    strides: [2, 1],
                    padding: .same,
                    groups: 3,
                    activation: .tanh
                ),
                Conv2D(filters: 4, kernelSize: 3, dilationRate: [1, 2], useBias: false),
                Conv2D(filters: 4, kernelSize: 1, strides: 2, padding: .same, activation: .gelu()),
            ]
        )
        chain(
            "conv3d",
            Self.volume,
            [Conv3D(filters: 3, kernelSize: [2, 3, 2], padding: .same, activation: .elu())]
        )
        chain(
            "conv_transpose",
            [6, 7, 2],
            [
                Conv2DTranspose(filters: 4, kernelSize: 3, strides: 2, padding: .same, outputPadding: 1),
                Conv2DTranspose(filters: 2, kernelSize: [3, 2], activation: .softplus),
                Conv2DTranspose(filters: 2, kernelSize: 2, strides: 3, padding: .valid),
            ]
        )
        chain(
            "conv1d_transpose",
            [6, 2],
            [Conv1DTranspose(filters: 4, kernelSize: 3, strides: 2, padding: .same)]
        )
        chain("conv3d_transpose", [3, 4, 3, 2], [Conv3DTranspose(filters: 2, kernelSize: 2, strides: 2)])
        chain(
            "depthwise",
            Self.image,
            [
                DepthwiseConv2D(kernelSize: 3, padding: .same, depthMultiplier: 2, activation: .relu6),
                DepthwiseConv2D(kernelSize: 2, strides: 2),
            ]
        )
        chain("depthwise1d", [9, 3], [DepthwiseConv1D(kernelSize: 3, depthMultiplier: 2)])
        chain(
            "separable",
            Self.image,
            [SeparableConv2D(filters: 5, kernelSize: 3, depthMultiplier: 2, activation: .swish)]
        )
        chain("separable1d", [9, 3], [SeparableConv1D(filters: 5, kernelSize: 3, padding: .same)])
        chain(
            "spectral",
            Self.image,
            [
                SpectralNormalization(Conv2D(filters: 4, kernelSize: 3, activation: .relu)), Flatten(),
                SpectralNormalization(Dense(3)),
            ]
        )
    }

    mutating func addPooling() {
        chain(
            "max_pooling",
            Self.image,
            [MaxPooling2D(poolSize: 3, strides: 2, padding: .same), MaxPooling2D(poolSize: [2, 1])]
        )
        chain(
            "average_pooling",
            Self.image,
            [
                AveragePooling2D(poolSize: [2, 3], strides: [1, 2], padding: .same),
                AveragePooling2D(poolSize: 2, strides: 3),
            ]
        )
        chain("pooling1d", [12, 3], [MaxPooling1D(poolSize: 2), AveragePooling1D(poolSize: 2)])
        chain(
            "pooling3d",
            [6, 6, 6, 2],
            [MaxPooling3D(poolSize: 2), AveragePooling3D(poolSize: [1, 2, 3])]
        )
        graph("global_pooling", Self.image) { x in
            [
                GlobalAveragePooling2D(keepDims: true)(x), GlobalAveragePooling2D()(x),
                GlobalMaxPooling2D()(x),
                GlobalMaxPooling2D(keepDims: true)(x),
            ]
        }
        graph("global_pooling1d", [6, 4]) {
            [GlobalMaxPooling1D()($0), GlobalAveragePooling1D(keepDims: true)($0)]
        }
        graph("global_pooling3d", Self.volume) { [GlobalMaxPooling3D()($0), GlobalAveragePooling3D()($0)] }
        graph("adaptive_pooling", [8, 10, 3]) { x in
            [
                AdaptiveAveragePooling2D(outputSize: [4, 5])(x), AdaptiveMaxPooling2D(outputSize: [3, 4])(x),
                AdaptiveAveragePooling2D(outputSize: [3, 7])(x), AdaptiveMaxPooling2D(outputSize: 2)(x),
            ]
        }
        graph("adaptive_pooling1d", [7, 3]) {
            [AdaptiveAveragePooling1D(outputSize: 3)($0), AdaptiveMaxPooling1D(outputSize: 2)($0)]
        }
        graph("adaptive_pooling3d", Self.volume) {
            [AdaptiveAveragePooling3D(outputSize: [2, 3, 2])($0), AdaptiveMaxPooling3D(outputSize: 2)($0)]
        }
    }

    mutating func addNormalizations() {
        chain(
            "batch_normalization",
            Self.image,
            [
                BatchNormalization(epsilon: 0.01), BatchNormalization(scale: false),
                BatchNormalization(axis: 1, center: false), Flatten(),
                BatchNormalization(center: false, scale: false),
            ]
        )
        chain(
            "layer_normalization",
            Self.image,
            [
                LayerNormalization(axis: [1, 2]), LayerNormalization(center: false),
                LayerNormalization(scale: false),
            ]
        )
        chain(
            "group_normalization",
            [6, 6, 8],
            [
                GroupNormalization(groups: 4), GroupNormalization(groups: -1),
                GroupNormalization(groups: 2, axis: 1),
            ]
        )
        chain("rms_normalization", Self.image, [RMSNormalization(), RMSNormalization(axis: [1, 2])])
        chain("unit_normalization", Self.image, [UnitNormalization(), UnitNormalization(axis: 1)])
    }

    mutating func addShapes() {
        chain(
            "reshaping",
            Self.image,
            [Reshape([10, 24]), Permute(dims: [2, 1]), Flatten(), RepeatVector(n: 2)]
        )
        chain(
            "permuting",
            Self.volume,
            [Permute(dims: [4, 1, 3, 2]), Permute(dims: [3, 2, 1, 4]), Dense(3)]
        )
        chain(
            "borders",
            Self.image,
            [
                ZeroPadding2D(((1, 2), (0, 3))),
                Cropping2D(cropping: ((top: 2, bottom: 1), (left: 1, right: 0))), ZeroPadding2D(1),
                CenterCrop(height: 4, width: 5),
            ]
        )
        chain("borders1d", [9, 2], [ZeroPadding1D(padding: (left: 1, right: 2)), Cropping1D(cropping: 1)])
        chain(
            "borders3d",
            Self.volume,
            [
                ZeroPadding3D(padding: [1, 0, 2]),
                Cropping3D(cropping: ((front: 1, back: 0), (top: 0, bottom: 1), (left: 2, right: 1))),
            ]
        )
        chain(
            "up_sampling",
            Self.image,
            [
                Conv2D(filters: 2, kernelSize: 1), UpSampling2D(size: [2, 3], interpolation: .bilinear),
                UpSampling2D(size: 2), UpSampling2D(size: [1, 2], interpolation: .bicubic),
            ]
        )
        chain("up_sampling1d", [5, 2], [UpSampling1D(size: 3)])
        chain("up_sampling3d", [2, 3, 2, 2], [UpSampling3D(size: [2, 1, 3])])
        graph("resizing", [9, 7, 3]) { x in
            [Interpolation.nearest, .bilinear, .bicubic, .lanczos3, .lanczos5].map {
                Resizing(height: 12, width: 5, interpolation: $0)(x)
            }
                + [
                    Resizing(height: 4, width: 3, interpolation: .bilinear, antialias: true)(x),
                    Resizing(height: 4, width: 3, interpolation: .bilinear)(x),
                    Resizing(height: 5, width: 5, cropToAspectRatio: true)(x),
                ]
        }
    }

    mutating func addApplications() {
        application("lenet5", [32, 32, 1]) { try Applications.leNet5(inputShape: $0) }
        application("mobilenet_v2", [32, 32, 3]) { try Applications.mobileNetV2(inputShape: $0, classes: 10) }
        application("mobilenet_v3", [64, 64, 3], of: .pixels) {
            try Applications.mobileNetV3Small(inputShape: $0, classes: 10)
        }
        application("resnet18", [32, 32, 3]) { try Applications.resNet18(inputShape: $0, classes: 10) }
        application("squeezenet", [64, 64, 3]) { try Applications.squeezeNet(inputShape: $0, classes: 10) }
        application("shufflenet_v2", [64, 64, 3]) {
            try Applications.shuffleNetV2(inputShape: $0, classes: 10)
        }
        application("efficientnet_b0", [64, 64, 3], of: .pixels) {
            try Applications.efficientNetB0(inputShape: $0, classes: 10)
        }
        application("unet", [32, 32, 3]) { try Applications.uNet(inputShape: $0, filters: 8) }
        application("vit", [32, 32, 3]) {
            try Applications.visionTransformer(
                inputShape: $0,
                patchSize: 8,
                width: 24,
                depth: 2,
                heads: 2,
                classes: 10
            )
        }
        application("convnext_tiny", [32, 32, 3], of: .pixels) {
            try Applications.convNeXtTiny(inputShape: $0, classes: 10)
        }
        application("densenet121", [32, 32, 3]) { try Applications.denseNet121(inputShape: $0, classes: 10) }
    }

    private mutating func application(
        _ name: String,
        _ shape: Shape,
        of input: Content = .numbers,
        _ make: @escaping (Shape) throws -> Model
    ) {
        model(name, of: input) { try make(shape) }
    }
}
