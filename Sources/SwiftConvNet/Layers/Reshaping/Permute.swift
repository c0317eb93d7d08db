/// Puts the axes of the samples in another order.
///
/// Shapes, without the batch axis: any input; axis i of the output is axis `dims[i]` of the input, counted from 1.
///
/// ```swift
/// Permute(dims: [2, 1])    // [length, channels] becomes [channels, length]
/// ```
public struct Permute: Layer, Hashable {
    /// `Permute`.
    public static let kind = "Permute"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// For each axis of the output, that of the input, counted from 1.
    public let dims: [Int]

    /// A layer that changes the order of axes.
    ///
    /// - Parameters:
    ///   - dims: for each axis of the output, that of the input; counted as Keras does, from 1, for the batch is axis 0 and
    ///     stays. Each axis occurs once.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(dims: [Int], name: String? = nil) {
        self.dims = dims
        self.name = name
    }

    /// Emits a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if `dims` are not all axes, of kind `shape` if there is not one input.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard dims.sorted() == Array(1..<(x.shape.rank + 1)) else {
            throw ConvNetError(
                .argument,
                "Not an order of all axes",
                at: "dims",
                expected: "each of \(Array(1..<(x.shape.rank + 1))) once, for \(x.shape)",
                received: "\(dims)"
            )
        }
        return [try lowering.transpose(x, axes: dims.map { $0 - 1 })]
    }
}
