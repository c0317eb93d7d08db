/// Gives the elements of a sample another shape, in the same order. Nothing is copied.
///
/// Shapes, without the batch axis: any input, output `targetShape`, in which one size may be -1: it becomes what is
/// left for it.
///
/// ```swift
/// Reshape(targetShape: [28, 28, 1])
/// Reshape(targetShape: [-1, 64])
/// ```
public struct Reshape: Layer, Hashable {
    /// `Reshape`.
    public static let kind = "Reshape"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The shape to be given, without the batch axis; one size may be -1.
    public let targetShape: Shape

    /// A layer that gives a shape.
    ///
    /// - Parameters:
    ///   - targetShape: the sizes, without the batch axis, at least 1 each; one of them may be -1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(targetShape: Shape, name: String? = nil) {
        self.targetShape = targetShape
        self.name = name
    }

    /// Emits a `View` as `targetShape`, with the size that was left open.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a size is neither positive nor the only -1, of kind `shape` if the
    ///   numbers of elements differ.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        return try lowering.emit(View(shape(for: x.shape)), x)
    }

    private func shape(for input: Shape) throws -> Shape {
        let sizes = targetShape.filter { $0 != -1 }
        guard targetShape.rank > 0, sizes.count >= targetShape.rank - 1, sizes.allSatisfy({ $0 >= 1 }) else {
            throw ConvNetError(
                .argument,
                "Not a shape to give to samples",
                at: "targetShape",
                expected: "sizes of at least 1, of which one may be -1",
                received: "\(targetShape)"
            )
        }
        let known = try Shape(sizes).validated(as: "targetShape").elementCount
        let isOpen = sizes.count < targetShape.rank
        guard isOpen ? input.elementCount % known == 0 : input.elementCount == known else {
            throw ConvNetError(
                .shape,
                "The samples do not fill the shape",
                at: "targetShape",
                expected: isOpen
                    ? "a multiple of \(known) elements" : "\(known) elements, for \(targetShape)",
                received: "\(input.elementCount) elements, of \(input)"
            )
        }
        return Shape(targetShape.map { $0 == -1 ? input.elementCount / known : $0 })
    }
}
