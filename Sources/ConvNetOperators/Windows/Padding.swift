/// What lies beyond the border of an image when a window reaches over it.
public enum Padding: String, Sendable, Hashable, Codable {
    /// Windows stay within the image: `(size - window) / stride + 1` outputs, rounded down.
    case valid
    /// As many outputs as `size / stride`, rounded up; the border is padded equally on both sides, an odd row
    /// or column at the end.
    case same

    package var ofAxis: AxisPadding { self == .same ? .same : .valid }
}

/// What lies beyond the border along one axis.
package enum AxisPadding: Sendable, Hashable {
    /// As of `Padding`.
    case valid, same
    /// All of it lies before the first element, so that no output sees an element behind its own place.
    case causal
    /// So much on either side.
    case sides(before: Int, after: Int)
}
