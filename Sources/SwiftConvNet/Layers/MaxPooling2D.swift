/// The largest value under a window, channel by channel.
///
/// Shapes, without the batch axis: input `[height, width, channels]`, output
/// `[output height, output width, channels]`. Padding never wins, for it counts as minus infinity.
public struct MaxPooling2D: Layer, Hashable {
    /// `MaxPooling2D`.
    public static let kind = "MaxPooling2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The window's height and width.
    public let poolSize: Size2D
    /// The steps of the window.
    public let strides: Size2D
    /// What lies beyond the border.
    public let padding: Padding

    /// A pooling layer; `strides` is `poolSize` unless given.
    public init(poolSize: Size2D = 2, strides: Size2D? = nil, padding: Padding = .valid, name: String? = nil)
    {
        self.poolSize = poolSize
        self.strides = strides ?? poolSize
        self.padding = padding
        self.name = name
    }

    /// `[output height, output width, channels]`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image or is smaller than the window, of kind
    ///   `argument` if a size is less than 1 or the window has more than 65536 places.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        let geometry = try poolingGeometry(for: inputs, size: poolSize, strides: strides, padding: padding)
        // A place in the window must fit 16 bits.
        guard poolSize.height * poolSize.width <= 1 << 16 else {
            throw ConvNetError(
                .argument,
                "The window is too large",
                at: "poolSize",
                expected: "at most 65536 places",
                received: "\(poolSize)",
                remedy: "Use GlobalMaxPooling2D"
            )
        }
        return [geometry.outputHeight, geometry.outputWidth, geometry.channels]
    }

    /// `MaxPoolingKernel`.
    public func kernel(at site: Site) throws -> any Kernel {
        MaxPoolingKernel(
            geometry: try poolingGeometry(
                for: site.inputs,
                size: poolSize,
                strides: strides,
                padding: padding
            ),
            mode: site.mode
        )
    }
}

extension Layer {
    /// Where the window of a pooling layer goes: that of a convolution of each channel with itself alone.
    func poolingGeometry(
        for inputs: [Shape],
        size: Size2D,
        strides: Size2D,
        padding: Padding
    ) throws -> ConvolutionGeometry {
        let (height, width, channels) = try image(inputs)
        try size.validate(as: "poolSize")
        try strides.validate(as: "strides")
        return try ConvolutionGeometry(
            height: height,
            width: width,
            channels: channels,
            filters: channels,
            groups: 1,
            kernel: size,
            strides: strides,
            dilation: 1,
            padding: padding
        )
    }
}
