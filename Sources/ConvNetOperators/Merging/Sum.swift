/// The sum of its operands, element by element, with an activation. An axis of size 1 stands for as many as the others have,
/// and missing axes in front count as axes of size 1.
package struct Sum: ActivatingOperator {
    package var activation = ActivationFunction.linear

    package init() {}

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        [ValueType(try Shape.broadcast(inputs.map(\.shape)))]
    }

    package func kernel(at site: Site) -> any Kernel { AddKernel(activation: Epilogue(activation), at: site) }
}
