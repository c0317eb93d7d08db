/// Every value is 0. Keras' `Zeros`, its default for biases.
public struct Zeros: Initializer, Hashable {
    /// `Zeros`.
    public static let kind = "Zeros"

    /// Makes the rule; it has no properties.
    public init() {}

    /// Writes 0 everywhere.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there are not as many values as elements.
    public func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        try requireRoom(in: values, for: shape)
        values.update(repeating: 0)
    }
}

extension Initializer where Self == Zeros {
    /// Every value is 0.
    public static var zeros: Zeros { Zeros() }
}
