/// Makes a sequence of a vector, which is each of its elements.
///
/// Shapes, without the batch axis: input `[features]`, output `[n, features]`.
///
/// ```swift
/// RepeatVector(n: 3)
/// ```
public struct RepeatVector: Layer, Hashable {
    /// `RepeatVector`.
    public static let kind = "RepeatVector"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The length of the sequence.
    public let n: Int

    /// A layer that repeats a vector.
    ///
    /// - Parameters:
    ///   - n: the length of the sequence, at least 1.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(n: Int, name: String? = nil) {
        self.n = n
        self.name = name
    }

    /// Emits a `View` and a `Move`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is not a vector, of kind `argument` if `n` is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireSize(n, as: "n")
        guard x.shape.rank == 1 else {
            throw ConvNetError(
                .shape,
                "\(Self.kind) takes vectors",
                expected: "[features]",
                received: "\(x.shape)",
                remedy: "Put a Flatten layer before this one"
            )
        }
        let row = try lowering.view(x, as: [1, x.shape[0]])
        return [try lowering.repeated(row, repeats: n, axis: 0)]
    }
}
