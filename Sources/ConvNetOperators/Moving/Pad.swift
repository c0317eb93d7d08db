/// Rows and columns of zeros around images `[height, width, channels]`.
package struct Pad: Operator {
    package let top: Int, bottom: Int, left: Int, right: Int

    package init(top: Int, bottom: Int, left: Int, right: Int) {
        self.top = top
        self.bottom = bottom
        self.left = left
        self.right = right
    }

    package func outputs(for inputs: [ValueType]) -> [ValueType] {
        let image = inputs[0].shape
        return [ValueType([top + image[0] + bottom, left + image[1] + right, image[2]])]
    }

    package func kernel(at site: Site) -> any Kernel {
        let image = site.inputs[0].shape, channels = image[2]
        let row = (left + image[1] + right) * channels
        return ZeroPaddingKernel(
            height: image[0],
            rowCount: image[1] * channels,
            above: top * row,
            below: bottom * row,
            before: left * channels,
            after: right * channels
        )
    }
}
