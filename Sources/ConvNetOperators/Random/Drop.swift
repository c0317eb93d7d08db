/// Sets a share of the elements to zero, at random and anew at every step, and divides the others by what is left of 1.
package struct Drop: Operator {
    let rate: Float
    let source: RandomSource

    package init(rate: Float, source: RandomSource) {
        self.rate = rate
        self.source = source
    }

    package func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    package func kernel(at site: Site) -> any Kernel {
        DropoutKernel(rate: rate, source: source, count: site.outputs[0].shape.elementCount)
    }
}
