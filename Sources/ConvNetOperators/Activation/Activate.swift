/// An activation function of every element, or of every row along the last axis.
package struct Activate: Operator {
    package let function: ActivationFunction

    package init(_ function: ActivationFunction) { self.function = function }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try function.validate()
        return function == .glu ? [ValueType(try inputs[0].shape.halved())] : [inputs[0]]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        let count = site.outputs[0].shape.elementCount
        switch function {
        case .softmax, .logSoftmax, .sparsemax: return RowActivationKernel(function, site)
        case .glu: return GLUKernel(site)
        case .clippedReLU(let slope, let maximum, let threshold) where function.code == nil:
            return ClippedReLUKernel(
                count: count,
                slope: slope,
                threshold: threshold,
                maximum: maximum ?? .infinity
            )
        case .threshold(let threshold, let value):
            return ThresholdKernel(count: count, threshold: threshold, value: value)
        case .userDefined(let user): return UserActivationKernel(function: user.function, count: count)
        default: return ActivationKernel(function: function, count: count, batch: site.batch)
        }
    }
}

extension Shape {
    /// The shape with half of the last axis.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if that axis has no half.
    fileprivate func halved() throws -> Shape {
        guard let last, last.isMultiple(of: 2), last > 0 else {
            throw ConvNetError(
                .shape,
                "A gated linear unit halves the last axis",
                at: "activation glu",
                expected: "a last axis of even size",
                received: "\(self)",
                remedy:
                    "Give the layer before it an even number of units or filters: twice as many as are to come out"
            )
        }
        return Shape(dimensions.dropLast() + [last / 2])
    }
}

/// An operator that can apply an activation to what it makes, while that is in the cache.
package protocol ActivatingOperator: Operator {
    /// What it applies now.
    var activation: ActivationFunction { get set }
}

extension Lowering {
    /// Applies an activation function.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the function's parameter is out of its range, of kind `shape` if the function
    ///   halves an axis of odd size.
    public mutating func activate(_ value: Value, _ function: ActivationFunction) throws -> Value {
        try function.validate()
        if function == .linear { return value }
        return try emit(Activate(function), value)[0]
    }
}
