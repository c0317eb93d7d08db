/// Images `[height, width, channels]` in another size.
package struct Resize: Operator {
    package let height: Int, width: Int
    package let interpolation: Interpolation
    /// Whether the kernel is as much wider as the image gets smaller.
    package let antialias: Bool

    package init(height: Int, width: Int, _ interpolation: Interpolation, antialias: Bool = false) {
        self.height = height
        self.width = width
        self.interpolation = interpolation
        self.antialias = antialias
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let image = inputs[0].shape
        guard image.rank == 3 else {
            throw ConvNetError(
                .shape,
                "Only images get another size",
                expected: "[height, width, channels]",
                received: "\(image)"
            )
        }
        return [ValueType([height, width, image[2]])]
    }

    package func kernel(at site: Site) -> any Kernel {
        let image = site.inputs[0].shape
        return ResizeKernel(
            rows: Resampling(interpolation, from: image[0], to: height, antialias: antialias),
            columns: Resampling(interpolation, from: image[1], to: width, antialias: antialias),
            channels: image[2]
        )
    }
}
