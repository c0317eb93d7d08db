/// The mean of each channel over the whole image.
///
/// `y[n, c] = mean over h, w of x[n, h, w, c]`. Shapes, without the batch axis: input `[height, width, channels]`,
/// output `[channels]`, or `[1, 1, channels]` with `keepDims`.
public struct GlobalAveragePooling2D: Layer, Hashable {
    /// `GlobalAveragePooling2D`.
    public static let kind = "GlobalAveragePooling2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Whether height and width stay as axes of size 1.
    public let keepDims: Bool

    /// A layer that takes the mean of each channel.
    ///
    /// - Parameters:
    ///   - keepDims: whether height and width stay as axes of size 1. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(keepDims: Bool = false, name: String? = nil) {
        self.keepDims = keepDims
        self.name = name
    }

    /// `[channels]`, or `[1, 1, channels]`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        try globalPoolingShape(for: inputs, keepDims: keepDims)
    }

    /// `AveragePoolingKernel`, with a window as large as the image.
    public func kernel(at site: Site) throws -> any Kernel {
        let (height, width, channels) = try image(site.inputs)
        return AveragePoolingKernel(
            geometry: try ConvolutionGeometry(
                height: height,
                width: width,
                channels: channels,
                filters: channels,
                groups: 1,
                kernel: Size2D(height, width),
                strides: 1,
                dilation: 1,
                padding: .valid
            )
        )
    }
}

/// The largest value of each channel over the whole image.
///
/// `y[n, c] = max over h, w of x[n, h, w, c]`. Shapes, without the batch axis: input `[height, width, channels]`,
/// output `[channels]`, or `[1, 1, channels]` with `keepDims`. Backwards, equal largest values share the gradient, as
/// in Keras.
public struct GlobalMaxPooling2D: Layer, Hashable {
    /// `GlobalMaxPooling2D`.
    public static let kind = "GlobalMaxPooling2D"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// Whether height and width stay as axes of size 1.
    public let keepDims: Bool

    /// A layer that takes the largest value of each channel.
    ///
    /// - Parameters:
    ///   - keepDims: whether height and width stay as axes of size 1. Default `false`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(keepDims: Bool = false, name: String? = nil) {
        self.keepDims = keepDims
        self.name = name
    }

    /// `[channels]`, or `[1, 1, channels]`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not an image.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        try globalPoolingShape(for: inputs, keepDims: keepDims)
    }

    /// `GlobalMaxPoolingKernel`.
    public func kernel(at site: Site) throws -> any Kernel {
        let (height, width, channels) = try image(site.inputs)
        return GlobalMaxPoolingKernel(pixels: height * width, channels: channels)
    }
}

extension Layer {
    fileprivate func globalPoolingShape(for inputs: [Shape], keepDims: Bool) throws -> Shape {
        let channels = try image(inputs).channels
        return keepDims ? [1, 1, channels] : [channels]
    }
}
