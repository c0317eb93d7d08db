/// The rectifier that lets a share of what is negative pass: `y = x` where x > 0, else `negativeSlope · x`.
///
/// Input and output: any shape. The default of this layer is 0.3, that of the function
/// `ActivationFunction.leakyReLU` 0.2; both are Keras'.
///
/// ```swift
/// LeakyReLU(negativeSlope: 0.1)
/// ```
public struct LeakyReLU: Layer, Hashable {
    /// `LeakyReLU`.
    public static let kind = "LeakyReLU"
    /// The name within its model, if it has one of its own.
    public let name: String?
    /// The slope below zero.
    public let negativeSlope: Float

    /// A leaky rectifier; names and defaults are Keras'.
    ///
    /// - Parameters:
    ///   - negativeSlope: the slope below zero, at least 0. Default 0.3.
    ///   - name: the name within its model; unless given, it is made from `kind` and counted.
    public init(negativeSlope: Float = 0.3, name: String? = nil) {
        self.negativeSlope = negativeSlope
        self.name = name
    }

    /// Emits an `Activate`.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if the slope is negative or not finite.
    public func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        let x = try lowering.single(inputs, for: Self.kind)
        try requireNotNegative(negativeSlope, "negativeSlope", of: "A leaky rectifier's")
        return try lowering.emit(Activate(.leakyReLU(negativeSlope: negativeSlope)), x)
    }
}
