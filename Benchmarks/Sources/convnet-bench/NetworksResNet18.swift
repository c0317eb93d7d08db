import SwiftConvNet

/// ResNet-18 (He and others, 2015) with the layers, names and settings of torchvision's `resnet18`, for 224×224 pictures.
///
/// PyTorch pads alike on both sides where `padding: .same` with a stride would not, so strided windows follow a layer
/// of zeros. Before the pooling zeros do, for what it reads comes from ReLU.
func makeResNet18(_ options: ComputeOptions, seed: UInt64) throws -> Model {
    let input = Input(shape: [224, 224, 3])
    var x = ZeroPadding2D(padding: 3)(input)
    x = Conv2D(filters: 64, kernelSize: 7, strides: 2, useBias: false, name: "conv1")(x)
    x = ReLU()(normalization("bn1")(x))
    x = MaxPooling2D(poolSize: 3, strides: 2)(ZeroPadding2D(padding: 1)(x))
    for (stage, filters) in [64, 128, 256, 512].enumerated() {
        for block in 0..<2 {
            let strides = stage > 0 && block == 0 ? 2 : 1
            x = residualBlock(x, "layer\(stage + 1).\(block)", filters: filters, strides: strides)
        }
    }
    let output = Dense(units: 1000, name: "fc")(GlobalAveragePooling2D()(x))
    return try Model(inputs: input, outputs: output, name: "resnet18", seed: seed, options: options)
}

/// Two convolutions, and the way around them.
private func residualBlock(_ x: LayerOutput, _ name: String, filters: Int, strides: Int) -> LayerOutput {
    var y =
        strides == 1
        ? Conv2D(filters: filters, kernelSize: 3, padding: .same, useBias: false, name: "\(name).conv1")(x)
        : Conv2D(
            filters: filters,
            kernelSize: 3,
            strides: Size2D(strides, strides),
            useBias: false,
            name: "\(name).conv1"
        )(ZeroPadding2D(padding: 1)(x))
    y = ReLU()(normalization("\(name).bn1")(y))
    y = Conv2D(filters: filters, kernelSize: 3, padding: .same, useBias: false, name: "\(name).conv2")(y)
    y = normalization("\(name).bn2")(y)
    guard strides > 1 else { return ReLU()(Add()(y, x)) }
    let shortcut = Conv2D(
        filters: filters,
        kernelSize: 1,
        strides: Size2D(strides, strides),
        useBias: false,
        name: "\(name).downsample.0"
    )(x)
    return ReLU()(Add()(y, normalization("\(name).downsample.1")(shortcut)))
}

/// PyTorch's settings: its momentum of 0.1 is Keras' of 0.9.
private func normalization(_ name: String) -> BatchNormalization {
    BatchNormalization(momentum: 0.9, epsilon: 1e-5, name: name)
}
