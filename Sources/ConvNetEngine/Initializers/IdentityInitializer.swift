/// The identity matrix times a gain. Keras' `Identity`; the name tells it from the layer.
public struct IdentityInitializer: Initializer, Hashable {
    /// `Identity`.
    public static let kind = "Identity"

    /// The factor of the matrix: finite.
    public var gain: Double

    /// Makes the rule.
    ///
    /// - Parameter gain: The factor of the matrix. Default 1, as in Keras.
    public init(gain: Double = 1) { self.gain = gain }

    /// Writes the identity matrix; one that is not square has zeros beyond its diagonal.
    ///
    /// - Throws: `ConvNetError` of kind `shape` unless there are two axes and as many values as elements, of kind `argument` if `gain` is
    ///   not finite.
    public func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        guard shape.rank == 2 else {
            throw ConvNetError(
                .shape,
                "The identity is a matrix",
                at: Self.kind,
                expected: "a shape of two axes",
                received: "\(shape)"
            )
        }
        try requireRoom(in: values, for: shape)
        try require("gain", gain, expected: "a finite number")
        values.update(repeating: 0)
        for place in 0..<min(shape[0], shape[1]) { values[place * shape[1] + place] = Float(gain) }
    }
}

extension Initializer where Self == IdentityInitializer {
    /// The identity matrix times `gain`; Keras' default is 1.
    public static func identity(gain: Double = 1) -> IdentityInitializer { IdentityInitializer(gain: gain) }
}
