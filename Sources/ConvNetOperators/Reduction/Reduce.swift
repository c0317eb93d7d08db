import CKernels

/// One number of all along some neighbouring axes: their sum, mean, largest, smallest or product.
///
/// Equal largest or smallest elements share the gradient, as in Keras.
package struct Reduce: Operator {
    package enum Function: Sendable, Hashable {
        case sum, mean, max, min, product

        var code: ck_reduction {
            switch self {
            case .sum, .mean: CK_SUM
            case .max: CK_MAX
            case .min: CK_MIN
            case .product: CK_PRODUCT
            }
        }
    }

    package let function: Function
    /// Counted from the first of a sample.
    package let axes: Range<Int>
    /// Whether the axes stay, with a size of 1.
    package let keepsAxes: Bool

    package init(_ function: Function, axes: Range<Int>, keepsAxes: Bool) {
        self.function = function
        self.axes = axes
        self.keepsAxes = keepsAxes
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        let shape = inputs[0].shape
        guard axes.lowerBound >= 0, axes.upperBound <= shape.rank else {
            throw ConvNetError(
                .argument,
                "There are no such axes to be reduced",
                expected: "axes in 0..<\(shape.rank) of \(shape)",
                received: "\(axes)"
            )
        }
        let kept = Array(repeating: 1, count: keepsAxes ? axes.count : 0)
        return [ValueType(Shape(shape.prefix(axes.lowerBound) + kept + shape.dropFirst(axes.upperBound)))]
    }

    package func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]? {
        guard let x = inputs[0].floats else { return nil }
        let output = try outputs(for: [inputs[0].type])[0].shape
        var result = [Float](repeating: 0, count: output.elementCount)
        let kernel = ReduceKernel(function, of: inputs[0].type.shape, axes: axes)
        result.withUnsafeMutableBufferPointer { buffer in
            if let y = buffer.baseAddress { kernel.reduce(x, into: y, samples: 1) }
        }
        return [try ConstantTensor(result, shape: output)]
    }

    package func kernel(at site: Site) -> any Kernel {
        ReduceKernel(function, of: site.inputs[0].shape, axes: axes)
    }
}
