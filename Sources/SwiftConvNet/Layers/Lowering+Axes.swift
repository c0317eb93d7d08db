extension Lowering {
    /// The place of an axis among those of a sample.
    ///
    /// - Parameters:
    ///   - axis: counted as Keras does: the batch is axis 0, 1 the first of a sample; negative numbers count from the last.
    ///   - role: what the error calls it.
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis.
    func place(ofAxis axis: Int, in shape: Shape, as role: String = "axis") throws -> Int {
        guard axis >= -shape.rank, axis <= shape.rank, axis != 0 else {
            throw ConvNetError(
                .argument,
                "Samples have no such axis",
                at: role,
                expected: shape.rank == 0
                    ? "samples with axes"
                    : "1...\(shape.rank), where 0 would be the batch, or \(-shape.rank)...(-1)",
                received: "\(axis)"
            )
        }
        return axis < 0 ? axis + shape.rank : axis - 1
    }

    /// The places of some axes, in order.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if samples have no such axis, one is named twice, or there is none.
    func places(of axes: Axes, in shape: Shape, as role: String = "axis") throws -> [Int] {
        let places = try axes.axes.map { try place(ofAxis: $0, in: shape, as: role) }.sorted()
        guard !places.isEmpty, Set(places).count == places.count else {
            throw ConvNetError(
                .argument,
                "Not a list of axes",
                at: role,
                expected: "at least one axis, and each once",
                received: "\(axes)"
            )
        }
        return places
    }
}
