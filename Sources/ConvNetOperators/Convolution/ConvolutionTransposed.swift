/// The transpose of a convolution over images of one to three axes, with an activation: it spreads each pixel over a window of
/// the output, and adds where windows meet.
///
/// Operands: images `[sizes, channels]`; whole ones: kernel `[window, filters, channels]`, bias `[filters]` if there is one.
/// Output `[output sizes, filters]`.
package struct ConvolutionTransposed: ActivatingOperator {
    package let strides: [Int], dilation: [Int]
    package let padding: Padding
    /// How much longer the output is along each axis than its shortest; `nil` for the library's choice.
    package let outputPadding: [Int]?
    package let hasBias: Bool
    package var activation = ActivationFunction.linear

    package init(
        strides: [Int],
        dilation: [Int],
        padding: Padding,
        outputPadding: [Int]?,
        hasBias: Bool
    ) {
        self.strides = strides
        self.dilation = dilation
        self.padding = padding
        self.outputPadding = outputPadding
        self.hasBias = hasBias
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requireWhole(inputs.dropFirst(), of: "a transposed convolution")
        let geometry = try geometry(for: inputs)
        return [ValueType(Shape(geometry.imageSizes(strides.count) + [geometry.channels]))]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        TransposedConvolutionKernel(
            geometry: try geometry(for: site.inputs),
            hasBias: hasBias,
            activation: Epilogue(activation),
            site: site
        )
    }

    /// How the window goes over each axis of what is made; its places are the elements of the operand.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if nothing would be left.
    package func windowAxes(for inputs: [ValueType]) throws -> [WindowAxis] {
        try geometry(for: inputs).axes(strides.count)
    }

    private func geometry(for inputs: [ValueType]) throws -> WindowGeometry {
        let image = inputs[0].shape, kernel = inputs[1].shape, rank = strides.count
        guard image.rank == rank + 1, kernel.rank == rank + 2, kernel[rank + 1] == image[rank] else {
            throw ConvNetError(
                .shape,
                "The operands of a transposed convolution do not fit",
                expected: "\(rank) sizes and channels, and a window of \(rank) sizes, filters and channels",
                received: "\(image) and \(kernel)"
            )
        }
        return try WindowGeometry(
            transposing: Array(image.dimensions.dropLast()),
            channels: image[rank],
            filters: kernel[rank],
            window: Array(kernel.dimensions.prefix(rank)),
            strides: strides,
            dilation: dilation,
            padding: padding,
            outputPadding: outputPadding
        )
    }
}
