/// Multiplies every channel by a number that is learned.
///
/// Shapes, without the batch axis: input and output `[…, channels]`; parameter gamma, `[channels]`. With a small first value, a
/// residual branch that ends with it begins by changing almost nothing.
///
/// ```swift
/// LayerScale(initValues: 1e-6)
/// ```
///
/// Source: Touvron and others, Going deeper with image transformers, 2021. Keras has it within `keras.applications.convnext`.
public struct LayerScale: Layer, Hashable {
    /// `LayerScale`.
    public static let kind = "LayerScale"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The first value of each number.
    public let initValues: Float

    /// A learned scale for each channel.
    ///
    /// - Parameters:
    ///   - initValues: the first value of each number, finite. Default 1e-6.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(initValues: Float = 1e-6, name: String? = nil) {
        self.initValues = initValues
        self.name = name
    }

    /// Emits a product.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the first value is not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        guard initValues.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a scale to begin with",
                at: "initValues",
                expected: "a finite number",
                received: "\(initValues)"
            )
        }
        let gamma = try lowering.parameter("gamma", [x.shape.last ?? 1], .constant(initValues))
        return [try lowering.multiply(x, gamma)]
    }
}
