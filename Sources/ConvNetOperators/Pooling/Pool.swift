/// The largest value, or the mean, of some pixels of images `[sizes, channels]`, channel by channel.
package struct Pool: Operator {
    package enum Rule: Sendable { case maximum, mean }

    /// Which pixels an output covers.
    package enum Coverage: Sendable {
        /// Those under a window of these sizes that slides over the image.
        case window([Int], Sliding)
        /// Those of its share of each axis, for so many outputs along each: output i of n covers the elements from
        /// i / n to (i + 1) / n of the axis, rounded outwards.
        case shares([Int])
        /// All: the output has one pixel.
        case everything
    }

    package let rule: Rule
    package let coverage: Coverage

    package init(_ rule: Rule, of coverage: Coverage) {
        self.rule = rule
        self.coverage = coverage
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let image = inputs[0].shape, geometry = try geometry(for: image)
        // The index of a value in the window must fit 16 bits; the kernel for whole images keeps no indices.
        let window = geometry.windowSizes(image.rank - 1)
        // In Double, for the product of three sizes may leave the range of `Int`.
        let positions = window.reduce(1.0) { $0 * Double($1) }
        if rule == .maximum, positions > 65_536, !coversEverything {
            throw ConvNetError(
                .argument,
                "The window is too large",
                at: isAdaptive ? "outputSize" : "poolSize",
                expected: "at most 65536 places",
                received: "\(window)",
                remedy: "Use a global max pooling layer"
            )
        }
        return [ValueType(Shape(geometry.outputSizes(image.rank - 1) + [geometry.channels]))]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        let geometry = try geometry(for: site.inputs[0].shape)
        switch rule {
        case .mean: return AveragePoolingKernel(geometry, isAdaptive: isAdaptive, at: site)
        case .maximum where coversEverything:
            return GlobalMaxPoolingKernel(pixels: geometry.inputPixels, channels: geometry.channels)
        case .maximum: return MaxPoolingKernel(geometry, isAdaptive: isAdaptive, at: site)
        }
    }

    private var coversEverything: Bool { if case .everything = coverage { true } else { false } }
    private var isAdaptive: Bool { if case .shares = coverage { true } else { false } }

    /// How the window goes over each axis of the image.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it fits nowhere.
    package func windowAxes(for image: Shape) throws -> [WindowAxis] {
        try geometry(for: image).axes(image.rank - 1)
    }

    private func geometry(for image: Shape) throws -> WindowGeometry {
        let sizes = Array(image.dimensions.dropLast()), channels = image[image.rank - 1]
        switch coverage {
        case .window(let window, let sliding):
            return try WindowGeometry(
                sizes: sizes,
                channels: channels,
                filters: channels,
                window: window,
                sliding: sliding
            )
        case .shares(let outputs):
            return WindowGeometry(sharing: sizes, among: outputs, channels: channels)
        case .everything:
            let sliding = Sliding(strides: sizes.map { _ in 1 }, padding: .valid)
            return try WindowGeometry(
                sizes: sizes,
                channels: channels,
                filters: channels,
                window: sizes,
                sliding: sliding
            )
        }
    }
}
