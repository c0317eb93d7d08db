/// Every value is 1. Keras' `Ones`, its default for the scale of a normalisation.
public struct Ones: Initializer, Hashable {
    /// `Ones`.
    public static let kind = "Ones"

    /// Makes the rule; it has no properties.
    public init() {}

    /// Writes 1 everywhere.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there are not as many values as elements.
    public func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        try requireRoom(in: values, for: shape)
        values.update(repeating: 1)
    }
}

extension Initializer where Self == Ones {
    /// Every value is 1.
    public static var ones: Ones { Ones() }
}
