/// The same elements in another shape; nothing is copied.
package struct View: Operator {
    package let shape: Shape

    package init(_ shape: Shape) { self.shape = shape }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        guard try shape.validated(as: "shape").elementCount == inputs[0].shape.elementCount else {
            throw ConvNetError(
                .shape,
                "A shape has another number of elements",
                expected: "\(inputs[0].shape.elementCount)",
                received: "\(shape.elementCount), of \(shape)"
            )
        }
        return [ValueType(shape, element: inputs[0].element)]
    }

    package func evaluate(_ inputs: [ConstantTensor]) -> [ConstantTensor]? { [inputs[0].viewed(as: shape)] }

    package func kernel(at site: Site) -> any Kernel { IdentityKernel() }
}

extension Lowering {
    /// The same elements in another shape, for a layer that changes the shape of what it has computed.
    package mutating func view(_ value: Value, as shape: Shape) throws -> Value {
        try emit(View(shape), value)[0]
    }
}
