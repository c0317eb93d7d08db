/// What the convolutions of one to three axes have in common, and their transposes: a number for each axis.
struct ConvolutionSettings {
    let filters: Int
    let kernelSize: [Int]
    let strides: [Int], dilationRate: [Int]
    var groups = 1
    let activation: ActivationFunction
    let useBias: Bool
    let kernel: ParameterRule, bias: ParameterRule

    /// Checks the settings; sizes are at least 1.
    func validate(channels: Int) throws {
        try activation.validate()
        guard filters >= 1 else {
            throw ConvNetError(
                .argument,
                "A convolution needs filters",
                at: "filters",
                expected: "at least 1",
                received: "\(filters)"
            )
        }
        guard groups >= 1, filters % groups == 0, channels % groups == 0 else {
            throw ConvNetError(
                .argument,
                "Filters and input channels must be divisible by the number of groups",
                at: "groups",
                expected: "at least 1, and a divisor of \(filters) filters and of \(channels) channels",
                received: "\(groups)"
            )
        }
        guard strides.allSatisfy({ $0 == 1 }) || dilationRate.allSatisfy({ $0 == 1 }) else {
            throw ConvNetError(
                .argument,
                "Strides and dilation exclude each other",
                at: "strides, dilationRate",
                expected: "strides of 1, or a dilationRate of 1",
                received: "strides \(strides), dilationRate \(dilationRate)"
            )
        }
    }
}

extension Lowering {
    /// Emits the convolution of a layer and its activation.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes or is smaller than the window, of
    ///   kind `argument` if a setting is out of its range.
    mutating func convolve(
        _ inputs: [Value],
        kind: String,
        _ settings: ConvolutionSettings,
        padding: AxisPadding,
        path: ComputeOptions.ConvolutionPath?
    ) throws -> [Value] {
        let image = try image(inputs, axes: settings.kernelSize.count, for: kind)
        try settings.validate(channels: image.channels)
        let channels = image.channels / settings.groups
        let operands = try weights(settings, shape: settings.kernelSize + [channels, settings.filters])
        let convolution = Convolution(
            Sliding(strides: settings.strides, dilation: settings.dilationRate, padding: padding),
            groups: settings.groups,
            hasBias: settings.useBias,
            path: path
        )
        return [try activate(emit(convolution, [image.value] + operands)[0], settings.activation)]
    }

    /// Emits the transposed convolution of a layer and its activation.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes, of kind `argument` if a setting is
    ///   out of its range.
    mutating func convolveTransposed(
        _ inputs: [Value],
        kind: String,
        _ settings: ConvolutionSettings,
        padding: Padding,
        outputPadding: [Int]?
    ) throws -> [Value] {
        let image = try image(inputs, axes: settings.kernelSize.count, for: kind)
        try settings.validate(channels: image.channels)
        if let outputPadding {
            guard zip(outputPadding, settings.strides).allSatisfy({ (0..<$1).contains($0) }) else {
                throw ConvNetError(
                    .argument,
                    "An output can be longer than its shortest by less than the strides",
                    at: "outputPadding",
                    expected: "at least 0, and less than the strides \(settings.strides)",
                    received: "\(outputPadding)"
                )
            }
        }
        let operands = try weights(settings, shape: settings.kernelSize + [settings.filters, image.channels])
        let convolution = ConvolutionTransposed(
            strides: settings.strides,
            dilation: settings.dilationRate,
            padding: padding,
            outputPadding: outputPadding,
            hasBias: settings.useBias
        )
        return [try activate(emit(convolution, [image.value] + operands)[0], settings.activation)]
    }

    /// Kernel and bias.
    private mutating func weights(_ settings: ConvolutionSettings, shape: [Int]) throws -> [Value] {
        let kernel = try parameter("kernel", Shape(shape), settings.kernel)
        guard settings.useBias else { return [kernel] }
        return [kernel, try parameter("bias", [settings.filters], settings.bias)]
    }
}
