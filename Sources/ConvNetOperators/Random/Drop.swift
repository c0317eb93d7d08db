/// Sets a share of the elements to zero, at random and anew at every step, and divides the others by what is left of 1.
package struct Drop: Operator {
    let rate: Float
    let stream: UInt32

    /// - Parameter stream: the number of its stream of random numbers, from `Lowering.randomStream`.
    package init(rate: Float, stream: UInt32) {
        self.rate = rate
        self.stream = stream
    }

    package func outputs(for inputs: [ValueType]) -> [ValueType] { [inputs[0]] }

    package func kernel(at site: Site) -> any Kernel {
        DropoutKernel(rate: rate, stream: stream, count: site.outputs[0].shape.elementCount)
    }
}
