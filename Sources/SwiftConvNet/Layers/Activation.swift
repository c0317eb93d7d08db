import CKernels

/// Applies an activation function: a layer of its own where the function cannot be part of the layer before.
///
/// Input and output: any shape; softmax works along the last axis.
public struct Activation: Layer, Hashable {
    /// `Activation`.
    public static let kind = "Activation"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// What is applied.
    public let function: ActivationFunction

    /// A layer that applies `function`.
    public init(_ function: ActivationFunction, name: String? = nil) {
        self.function = function
        self.name = name
    }

    /// The input's shape.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the function's parameter is not finite.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        try function.validate()
        return try single(inputs)
    }

    /// `ActivationKernel`.
    public func kernel(at site: Site) throws -> any Kernel {
        ActivationKernel(function: function, site: site)
    }
}
