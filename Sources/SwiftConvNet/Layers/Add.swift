/// The sum of its inputs, element by element: what closes a residual block.
///
/// Shapes, without the batch axis: inputs of one shape, which is the output's. As in Keras, an axis of size 1 stands
/// for as many as the others have, and missing axes in front count as axes of size 1: `[8, 8, 64]` and `[1, 1, 64]`
/// can be added.
///
/// ```swift
/// let sum = Add()(x, y)
/// ```
public struct Add: Layer, Hashable {
    /// `Add`.
    public static let kind = "Add"
    /// The name within its model, if it has one of its own.
    public let name: String?

    /// A layer that adds its inputs.
    ///
    /// - Parameter name: the name within its model; unless given, it is made from `kind` and counted.
    public init(name: String? = nil) { self.name = name }

    /// The shape that all inputs have, or stretch to.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there is no input, or they do not fit each other.
    public func outputShape(for inputs: [Shape]) throws -> Shape {
        let rank = inputs.map(\.rank).max() ?? 0
        guard !inputs.isEmpty else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) takes inputs",
                expected: "at least 1 input",
                received: "none"
            )
        }
        let aligned = inputs.map { $0.aligned(toRank: rank) }
        return Shape(
            try (0..<rank).map { axis in
                let size = aligned.map { $0[axis] }.max() ?? 1
                guard aligned.allSatisfy({ $0[axis] == size || $0[axis] == 1 }) else {
                    throw ConvNetError(
                        .shape,
                        "\(Self.kind) takes inputs of one shape",
                        expected: "equal sizes, or 1, along every axis",
                        received: "\(inputs)",
                        remedy: "Bring them to one shape, say by a Conv2D of kernel size 1 on the shorter way"
                    )
                }
                return size
            }
        )
    }

    /// `AddKernel`.
    public func kernel(at site: Site) throws -> any Kernel { AddKernel(at: site) }
}
