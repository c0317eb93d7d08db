/// The largest value, or the mean, under a window that slides over images `[height, width, channels]`.
package struct Pool: Operator {
    package enum Rule: Sendable { case maximum, mean }

    let rule: Rule
    /// The window's height and width, and its steps; `nil` for a window that is the whole image.
    let size: Size2D?, strides: Size2D
    let padding: Padding

    package init(_ rule: Rule, size: Size2D, strides: Size2D, padding: Padding) {
        self.rule = rule
        self.size = size
        self.strides = strides
        self.padding = padding
    }

    /// Over the whole image: the output is `[1, 1, channels]`.
    package init(global rule: Rule) {
        self.rule = rule
        size = nil
        strides = 1
        padding = .valid
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let geometry = try geometry(for: inputs[0].shape)
        // The index of a value in the window must fit 16 bits.
        if let size, rule == .maximum, size.height * size.width > 1 << 16 {
            throw ConvNetError(
                .argument,
                "The window is too large",
                at: "poolSize",
                expected: "at most 65536 places",
                received: "\(size)",
                remedy: "Use GlobalMaxPooling2D"
            )
        }
        return [ValueType([geometry.outputHeight, geometry.outputWidth, geometry.channels])]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        let geometry = try geometry(for: site.inputs[0].shape)
        switch rule {
        case .mean: return AveragePoolingKernel(geometry: geometry)
        case .maximum where size == nil:
            return GlobalMaxPoolingKernel(
                pixels: geometry.height * geometry.width, channels: geometry.channels)
        case .maximum: return MaxPoolingKernel(geometry: geometry, mode: site.mode)
        }
    }

    private func geometry(for image: Shape) throws -> ConvolutionGeometry {
        try ConvolutionGeometry(
            height: image[0], width: image[1], channels: image[2], filters: image[2], groups: 1,
            kernel: size ?? Size2D(image[0], image[1]), strides: strides, dilation: 1, padding: padding)
    }
}
