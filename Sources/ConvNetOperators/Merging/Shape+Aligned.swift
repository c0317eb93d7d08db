extension Shape {
    /// The shape with axes of size 1 in front, so that it has `rank` axes.
    func aligned(toRank rank: Int) -> Shape {
        Shape(Array(repeating: 1, count: Swift.max(0, rank - self.rank)) + dimensions)
    }
}
