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

    /// `shape`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it has no axis, or a size is less than 1.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
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

    /// Nothing runs: the engine gathers the batch.
    public func kernel(at site: Site) throws -> any Kernel { InputKernel() }
}

/// Nothing to run: the engine gathers the batch.
private struct InputKernel: Kernel {
    func forward() -> [Stage] { [] }
    func backward() -> [Stage] { [] }
}
