/// The place where samples enter a network: it has their shape, and computes nothing.
public struct InputLayer: Layer, Hashable {
    /// `InputLayer`.
    public static let kind = "InputLayer"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The shape of one sample, without the batch axis.
    public let shape: Shape

    /// An entrance for samples of `shape`.
    public init(shape: Shape, name: String? = nil) {
        self.shape = shape
        self.name = name
    }

    /// Throws: the engine gathers the samples, so that only the entrance of a model is an `InputLayer`.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        throw ConvNetError(.argument, "A second input layer")
    }

    /// `shape`, checked.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it has no axis, or a size is less than 1.
    func validatedShape() throws -> Shape {
        guard shape.rank > 0 else {
            throw ConvNetError(
                .shape,
                "An input needs at least one axis",
                expected: "such as [28, 28, 1]",
                received: "\(shape)"
            )
        }
        return try shape.validated(as: "input", minimum: 1)
    }
}

/// The entrance of a model that is built the functional way: samples of `shape`, without the batch axis.
public func Input(shape: Shape, name: String? = nil) -> LayerOutput {
    LayerOutput(.init(SharedLayer(InputLayer(shape: shape, name: name)), []))
}
