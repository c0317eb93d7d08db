/// The lines of a tensor along one axis: how operators go through them that treat each line apart.
struct AxisRun: Sendable {
    let x: ONNXValue
    /// Elements of a line, and from one of them to the next.
    let count: Int, inner: Int
    /// The number of lines.
    let lines: Int
    private let place: Int

    /// - Parameter axis: as ONNX counts it.
    init(_ context: NodeContext, _ x: ONNXValue, axis: Int) throws {
        self.x = axis == 0 ? try context.explicit(x, mixes: true) : x
        place = self.x.place(of: axis) ?? 0
        let shape = self.x.value.shape
        count = shape.rank == 0 ? 1 : shape[place]
        inner = shape.dropFirst(place + 1).reduce(1, *)
        lines = shape.elementCount / max(count, 1)
    }

    /// The first element of a line, where lines have `count` elements, or their own number.
    func start(_ line: Int, of count: Int? = nil) -> Int {
        line / inner * inner * (count ?? self.count) + line % inner
    }

    /// The shape with lines of another length.
    func shape(_ count: Int) -> Shape {
        var sizes = x.value.shape.dimensions
        if !sizes.isEmpty { sizes[place] = count }
        return Shape(sizes)
    }
}
