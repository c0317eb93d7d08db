/// What lies beyond the edges of a picture, where a transform moves it into sight. Four pixels `a b c d` of a row are continued so:
public enum FillMode: String, Sendable, Hashable, Codable, CaseIterable {
    /// `d c b a | a b c d | d c b a`: mirrored at the edge.
    case reflect
    /// `a b c d | a b c d | a b c d`: again from the other side.
    case wrap
    /// `k k k k | a b c d | k k k k`: one number, `fillValue`.
    case constant
    /// `a a a a | a b c d | d d d d`: the pixel at the edge.
    case nearest

    /// The coordinate within `0...count - 1` that stands for one that may be beyond; with `constant` it stays as it is.
    ///
    /// Source: `MapCoordinate` in TensorFlow's `image_ops.h`, which Keras' layers call, in the same precision.
    @inline(__always)
    func place(_ coordinate: Float, count: Int) -> Float {
        let last = Float(count - 1)
        if self == .constant || (coordinate >= 0 && coordinate <= last) { return coordinate }
        guard count > 1 else { return 0 }
        let size = Float(count)
        var x = coordinate
        switch self {
        case .reflect:
            let twice = 2 * size
            if x < 0 {
                x = twice * (-x / twice).rounded(.towardZero) + x
                x = x < -size ? x + twice : -x - 1
            } else {
                x -= twice * (x / twice).rounded(.towardZero)
                if x >= size { x = twice - x - 1 }
            }
        case .wrap:
            if x < 0 {
                x += size * ((-x / last).rounded(.towardZero) + 1)
            } else {
                x -= size * (x / last).rounded(.towardZero)
            }
        case .nearest, .constant: break
        }
        return min(max(x, 0), last)
    }
}
