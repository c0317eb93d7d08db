/// Encodes categories, whole numbers in `0..<numTokens`, as arrays of zeros and ones.
///
/// Shapes, without the batch axis: `.oneHot` makes `[…, numTokens]` of `[…]`, and of `[…, 1]`; `.multiHot` and `.count` make
/// `[numTokens]` of `[categories]`. A number that is no category leaves zeros. Its inputs get no gradient.
///
/// ```swift
/// CategoryEncoding(numTokens: 4, outputMode: .oneHot)    // 2 becomes [0, 0, 1, 0]
/// ```
public struct CategoryEncoding: Layer, Hashable {
    /// What becomes of categories.
    public enum OutputMode: String, Sendable, Hashable, Codable {
        /// Each category an array of its own, with a 1 at its index.
        case oneHot = "one_hot"
        /// One array for all categories of a sample, with a 1 for each that occurs.
        case multiHot = "multi_hot"
        /// One array for all categories of a sample, with how often each occurs.
        case count
    }

    /// `CategoryEncoding`.
    public static let kind = "CategoryEncoding"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The number of categories.
    public let numTokens: Int
    /// What becomes of them.
    public let outputMode: OutputMode

    /// A layer that encodes categories; names, order and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - numTokens: the number of categories, at least 1.
    ///   - outputMode: what becomes of them. Default `.multiHot`.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(numTokens: Int, outputMode: OutputMode = .multiHot, name: String? = nil) {
        self.numTokens = numTokens
        self.outputMode = outputMode
        self.name = name
    }

    /// Emits an `EncodeCategories`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input is no list of categories for `.multiHot` or `.count`, of kind
    ///   `argument` if `numTokens` is out of its range.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireSize(numTokens, as: "numTokens")
        return [try lowering.encode(x, kind: Self.kind, depth: numTokens, outputMode)]
    }
}

extension Lowering {
    /// Emits the encoding of categories.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the value has several axes, and all categories of a sample become one array.
    mutating func encode(
        _ value: Value,
        kind: String,
        depth: Int,
        _ mode: CategoryEncoding.OutputMode
    ) throws -> Value {
        let shape = value.shape
        if mode == .oneHot {
            let elements = shape.last == 1 ? try view(value, as: Shape(Array(shape.dropLast()))) : value
            return try emit(EncodeCategories(depth: depth, .oneHot), elements)[0]
        }
        guard shape.rank == 1 else {
            throw ConvNetError(
                .shape,
                "\(kind) takes a list of categories for \(mode.rawValue)",
                expected: "[categories]",
                received: "\(shape)",
                remedy: "Put a Flatten layer before this one, or take .oneHot"
            )
        }
        return try emit(EncodeCategories(depth: depth, mode == .count ? .count : .multiHot), value)[0]
    }
}
