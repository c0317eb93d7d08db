import SwiftConvNet

/// A residual network for small pictures: three stages, of which each halves height and width and doubles the channels, then the
/// mean of each channel, and a dense layer.
///
/// Source: He and others, Deep residual learning for image recognition, 2015, section 4.2. The last normalisation of a block
/// begins at 0, so that a block first passes on what it is given: Goyal and others, Accurate, large minibatch SGD, 2017, section 5.1.
func makeNetwork(_ options: TrainingOptions, classCount: Int, computing: ComputeOptions) throws -> Model {
    let input = Input(shape: [28, 28, 1], name: "pictures")
    var x = Activation(.relu)(normalized(convolution(options.width, 3)(input)))
    for stage in 0..<3 {
        for block in 0..<options.blocks {
            x = residualBlock(x, filters: options.width << stage, halves: stage > 0 && block == 0)
        }
    }
    let features = Dropout(rate: options.dropout)(GlobalAveragePooling2D()(x))
    let output = Dense(units: classCount, activation: .softmax, name: "classes")(features)
    return try Model(inputs: input, outputs: output, name: "fashion", seed: options.seed, options: computing)
}

/// Two convolutions whose result is added to what enters; where sizes change, so does a convolution of single pixels what enters.
private func residualBlock(_ x: LayerOutput, filters: Int, halves: Bool) -> LayerOutput {
    let stride = halves ? 2 : 1
    let inner = Activation(.relu)(normalized(convolution(filters, 3, stride: stride)(x)))
    let residual = normalized(convolution(filters, 3)(inner), gamma: .zeros)
    let shortcut = halves ? normalized(convolution(filters, 1, stride: stride)(x)) : x
    return Activation(.relu)(Add()(residual, shortcut))
}

/// A convolution without biases, for the normalisation after it has some.
private func convolution(_ filters: Int, _ size: Int, stride: Int = 1) -> Conv2D {
    Conv2D(
        filters: filters,
        kernelSize: Size2D(size, size),
        strides: Size2D(stride, stride),
        padding: .same,
        useBias: false,
        kernelInitializer: .heNormal
    )
}

private func normalized(_ x: LayerOutput, gamma: any Initializer = .ones) -> LayerOutput {
    BatchNormalization(momentum: 0.9, epsilon: 1e-5, gammaInitializer: gamma)(x)
}
