extension Lowering {
    /// Repeats each element of the image that is the only input, along each axis but the channels.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the input has another number of axes, or the output does not fit in memory.
    mutating func repeatElements(_ inputs: [Value], kind: String, factors: [Int]) throws -> [Value] {
        let image = try image(inputs, axes: factors.count, for: kind)
        let map = factors.enumerated().reduce(StridedMap(image.value.shape)) {
            $0.repeated($1.offset, $1.element)
        }
        return [try move(image.value, map)]
    }
}

extension Shape {
    /// The shape with each size multiplied.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if it does not fit in memory.
    func scaled(by factors: [Int]) throws -> Shape {
        let sizes = zip(self, factors).map { size, factor in
            let (product, overflow) = size.multipliedReportingOverflow(by: factor)
            return overflow ? Int.max : product
        }
        return try Shape(sizes).validated(as: "output", minimum: 1)
    }
}
