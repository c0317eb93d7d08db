/// An activation function of every element; softmax of every row along the last axis.
package struct Activate: Operator {
    package let function: ActivationFunction

    package init(_ function: ActivationFunction) { self.function = function }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try function.validate()
        return [inputs[0]]
    }

    package func kernel(at site: Site) throws -> any Kernel {
        ActivationKernel(function: function, site: site)
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
    /// - Throws: `ConvNetError` of kind `argument` if the function's parameter is not finite.
    public mutating func activate(_ value: Value, _ function: ActivationFunction) throws -> Value {
        try function.validate()
        if function == .linear { return value }
        return try emit(Activate(function), value)[0]
    }
}
