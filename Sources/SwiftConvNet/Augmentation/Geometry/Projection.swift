/// A projective map of the plane, from places in the output to places in the picture:
/// `x' = (a0 x + a1 y + a2) / (c0 x + c1 y + 1)`, `y' = (b0 x + b1 y + b2) / (c0 x + c1 y + 1)`, where x counts columns and y rows.
public struct Projection: Sendable, Hashable {
    /// The map of the columns.
    public var a0: Float, a1: Float, a2: Float
    /// The map of the rows.
    public var b0: Float, b1: Float, b2: Float
    /// What makes distant things smaller; 0 for affine maps.
    public var c0: Float, c1: Float

    /// A map with these numbers, in Keras' order. Without any it leaves all at its place.
    public init(
        a0: Float = 1,
        a1: Float = 0,
        a2: Float = 0,
        b0: Float = 0,
        b1: Float = 1,
        b2: Float = 0,
        c0: Float = 0,
        c1: Float = 0
    ) {
        (self.a0, self.a1, self.a2) = (a0, a1, a2)
        (self.b0, self.b1, self.b2) = (b0, b1, b2)
        (self.c0, self.c1) = (c0, c1)
    }
}
