/// What depthwise convolutions of one and of two axes have in common, alone or as the first half of separable ones: a number for
/// each axis.
struct DepthwiseSettings {
    let kernelSize: [Int]
    let strides: [Int], dilationRate: [Int]
    let padding: AxisPadding
    let depthMultiplier: Int
    let kernel: ParameterRule
}

extension Lowering {
    /// Declares the kernel `[sizes, channels, multiplier]` of a depthwise convolution.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the multiplier is out of its range, of kind `shape` if the kernel does not
    ///   fit in memory.
    mutating func depthwiseKernel(
        _ name: String,
        channels: Int,
        _ settings: DepthwiseSettings
    ) throws -> Value {
        try requireSize(settings.depthMultiplier, as: "depthMultiplier")
        let shape = Shape(settings.kernelSize + [channels, settings.depthMultiplier])
        return try parameter(name, shape, settings.kernel)
    }

    /// Emits the convolution of each channel with kernels of its own.
    ///
    /// Keras' kernel `[sizes, channels, multiplier]` has the order of one of a convolution in a group for each channel,
    /// `[sizes, 1, channels · multiplier]`, whose filters are dealt out to the groups in order.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is smaller than the window.
    mutating func convolveDepthwise(
        _ image: (value: Value, sizes: [Int], channels: Int),
        kernel: Value,
        bias: Value?,
        _ settings: DepthwiseSettings
    ) throws -> Value {
        let filters = image.channels * settings.depthMultiplier
        let view = try view(kernel, as: Shape(settings.kernelSize + [1, filters]))
        let convolution = Convolution(
            Sliding(strides: settings.strides, dilation: settings.dilationRate, padding: settings.padding),
            groups: image.channels,
            hasBias: bias != nil
        )
        return try emit(convolution, [image.value, view] + (bias.map { [$0] } ?? []))[0]
    }

    /// Emits the depthwise convolution that is a layer, and its activation.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes or is smaller than the window, of
    ///   kind `argument` if a setting is out of its range.
    mutating func convolveDepthwise(
        _ inputs: [Value],
        kind: String,
        _ settings: DepthwiseSettings,
        activation: ActivationFunction,
        bias rule: ParameterRule?
    ) throws -> [Value] {
        let image = try image(inputs, axes: settings.kernelSize.count, for: kind)
        try activation.validate()
        let kernel = try depthwiseKernel("kernel", channels: image.channels, settings)
        let bias = try rule.map {
            try parameter("bias", [image.channels * settings.depthMultiplier], $0)
        }
        let output = try convolveDepthwise(image, kernel: kernel, bias: bias, settings)
        return [try activate(output, activation)]
    }

    /// Emits a depthwise convolution, one over single pixels of what it has made, and the activation.
    ///
    /// - Throws: as `convolveDepthwise`.
    mutating func convolveSeparably(
        _ inputs: [Value],
        kind: String,
        _ settings: DepthwiseSettings,
        filters: Int,
        pointwise: ParameterRule,
        activation: ActivationFunction,
        bias rule: ParameterRule?
    ) throws -> [Value] {
        let rank = settings.kernelSize.count
        let image = try image(inputs, axes: rank, for: kind)
        try activation.validate()
        try requireSize(filters, as: "filters")
        let depthwise = try depthwiseKernel("depthwise_kernel", channels: image.channels, settings)
        let ones = Array(repeating: 1, count: rank)
        let pointwiseKernel = try parameter(
            "pointwise_kernel",
            Shape(ones + [image.channels * settings.depthMultiplier, filters]),
            pointwise
        )
        let bias = try rule.map { try parameter("bias", [filters], $0) }
        let made = try convolveDepthwise(image, kernel: depthwise, bias: nil, settings)
        let convolution = Convolution(Sliding(strides: ones, padding: .valid), hasBias: bias != nil)
        let output = try emit(convolution, [made, pointwiseKernel] + (bias.map { [$0] } ?? []))[0]
        return [try activate(output, activation)]
    }
}
