extension Shape {
    /// The shape with axes of size 1 in front, so that it has `rank` axes.
    func aligned(toRank rank: Int) -> Shape {
        Shape(Array(repeating: 1, count: Swift.max(0, rank - self.rank)) + dimensions)
    }

    /// The shape to which all of these stretch: an axis of size 1 stands for as many as the others have, and missing axes in
    /// front count as axes of size 1.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if two have other sizes along an axis.
    static func broadcast(_ shapes: [Shape]) throws -> Shape {
        let rank = shapes.map(\.rank).max() ?? 0
        let aligned = shapes.map { $0.aligned(toRank: rank) }
        return Shape(
            try (0..<rank).map { axis in
                let size = aligned.map { $0[axis] }.max() ?? 1
                guard aligned.allSatisfy({ $0[axis] == size || $0[axis] == 1 }) else {
                    throw ConvNetError(
                        .shape,
                        "What is combined element by element has one shape",
                        expected: "equal sizes, or 1, along every axis",
                        received: "\(shapes)",
                        remedy: "Bring them to one shape, say by a Conv2D of kernel size 1 on the shorter way"
                    )
                }
                return size
            }
        )
    }
}
