/// A function of one operand, element by element, or of two. As in Keras, an axis of size 1 stands for as many as the other
/// operand has, and missing axes in front count as axes of size 1.
package struct Elementwise: Operator {
    package let function: ElementwiseFunction

    package init(_ function: ElementwiseFunction) { self.function = function }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        [ValueType(try Shape.broadcast(inputs.map(\.shape)))]
    }

    package func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]? {
        let operands = inputs.compactMap(\.floats)
        guard operands.count == inputs.count else { return nil }
        let shape = try Shape.broadcast(inputs.map(\.type.shape))
        var result = [Float](repeating: 0, count: shape.elementCount)
        result.withUnsafeMutableBufferPointer { buffer in
            guard let y = buffer.baseAddress else { return }
            if let function = function.unary {
                UnaryKernel.apply(function, operands[0], y, count: buffer.count)
            } else if let function = function.binary {
                let layout = BroadcastLayout(inputs[0].type.shape, inputs[1].type.shape, to: shape)
                BinaryKernel.apply(function, layout, operands[0], operands[1], y)
            }
        }
        return [try ConstantTensor(result, shape: shape)]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        if let unary = function.unary {
            return UnaryKernel(function, unary, count: site.outputs[0].shape.elementCount, batch: site.batch)
        }
        guard let binary = function.binary else {
            throw ConvNetError(.argument, "A function that no kernel computes", received: "\(function)")
        }
        return BinaryKernel(function, binary, at: site)
    }
}
