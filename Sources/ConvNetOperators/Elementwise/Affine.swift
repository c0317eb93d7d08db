/// `y = scale · x + offset`, with the same numbers for all elements.
package struct Affine: Operator {
    package let scale: Float, offset: Float

    package init(scale: Float, offset: Float) {
        self.scale = scale
        self.offset = offset
    }

    package func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    package func kernel(at site: Site) -> any Kernel {
        RescalingKernel(count: site.outputs[0].shape.elementCount, scale: scale, offset: offset)
    }
}
