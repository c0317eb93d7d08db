/// Every value is the same given number. Keras' `Constant`.
public struct Constant: Initializer, Hashable {
    /// `Constant`.
    public static let kind = "Constant"

    /// The number: finite. Keras' default is 0.
    public var value: Float

    /// Makes the rule.
    ///
    /// - Parameter value: The number. Default 0, as in Keras.
    public init(_ value: Float = 0) { self.value = value }

    /// Writes `value` everywhere.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is not finite, of kind `shape` if there are not as many
    ///   values as elements.
    public func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        try requireRoom(in: values, for: shape)
        try require("value", Double(value), expected: "a finite number")
        values.update(repeating: value)
    }
}

extension Initializer where Self == Constant {
    /// Every value is `value`, a finite number.
    public static func constant(_ value: Float) -> Constant { Constant(value) }
}
