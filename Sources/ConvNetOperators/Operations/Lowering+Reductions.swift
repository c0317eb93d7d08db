/// Reductions and softmax, under the names of `keras.ops`.
///
/// Axes are those of a sample, which the batch is none of: 0 is the first, -1 the last.
extension Lowering {
    /// The sum along some axes, all by default. Output: the other axes; with `keepDims` those stay, too, with size 1.
    public mutating func sum(_ x: Value, axes: [Int]? = nil, keepDims: Bool = false) throws -> Value {
        try reduce(x, .sum, axes, keepDims)
    }
    /// The mean along some axes, all by default; the output is as `sum`'s.
    public mutating func mean(_ x: Value, axes: [Int]? = nil, keepDims: Bool = false) throws -> Value {
        try reduce(x, .mean, axes, keepDims)
    }
    /// The largest along some axes, all by default; the output is as `sum`'s. Equal ones share the gradient.
    public mutating func max(_ x: Value, axes: [Int]? = nil, keepDims: Bool = false) throws -> Value {
        try reduce(x, .max, axes, keepDims)
    }
    /// The smallest along some axes, all by default; the output is as `sum`'s. Equal ones share the gradient.
    public mutating func min(_ x: Value, axes: [Int]? = nil, keepDims: Bool = false) throws -> Value {
        try reduce(x, .min, axes, keepDims)
    }
    /// The product along some axes, all by default; the output is as `sum`'s.
    public mutating func prod(_ x: Value, axes: [Int]? = nil, keepDims: Bool = false) throws -> Value {
        try reduce(x, .product, axes, keepDims)
    }
    /// The mean squared distance from the mean along some axes, all by default; the output is as `sum`'s.
    public mutating func variance(_ x: Value, axes: [Int]? = nil, keepDims: Bool = false) throws -> Value {
        let distances = try subtract(x, mean(x, axes: axes, keepDims: true))
        return try mean(square(distances), axes: axes, keepDims: keepDims)
    }
    /// exp(x) divided by its sum along an axis; the shape of x. A loss can start before one along the last axis.
    public mutating func softmax(_ x: Value, axis: Int = -1) throws -> Value { try softmax(x, axes: [axis]) }
    /// The logarithm of `softmax`; the shape of x.
    public mutating func logSoftmax(_ x: Value, axis: Int = -1) throws -> Value {
        let place = try places(of: [axis], in: x)[0]
        return try emit(SoftmaxAlong(axes: place..<(place + 1), isLogarithm: true), x)[0]
    }

    /// Softmax along axes that are neighbours.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if they are not.
    package mutating func softmax(_ x: Value, axes: [Int]) throws -> Value {
        let places = try places(of: axes, in: x)
        guard let first = places.first, let last = places.last, last - first == places.count - 1 else {
            throw ConvNetError(
                .argument,
                "The axes of a softmax are neighbours",
                at: "axis",
                expected: "axes that follow each other",
                received: "\(axes)",
                remedy: "Permute the axes first"
            )
        }
        // Before this one a loss can start.
        if places.count == 1, first == x.shape.rank - 1 { return try activate(x, .softmax) }
        return try emit(SoftmaxAlong(axes: first..<(last + 1)), x)[0]
    }

    /// One range of neighbouring axes after the other, the last first. So equal largest elements in several ranges share the
    /// gradient within each range, and then among them.
    private mutating func reduce(
        _ x: Value,
        _ function: Reduce.Function,
        _ axes: [Int]?,
        _ keepsAxes: Bool
    ) throws -> Value {
        var ranges: [Range<Int>] = []
        for place in try axes.map({ try places(of: $0, in: x) }) ?? Array(x.shape.indices) {
            if let last = ranges.last, last.upperBound == place {
                ranges[ranges.count - 1] = last.lowerBound..<(place + 1)
            } else {
                ranges.append(place..<(place + 1))
            }
        }
        return try ranges.reversed().reduce(x) { value, range in
            try emit(Reduce(function, axes: range, keepsAxes: keepsAxes), value)[0]
        }
    }

    /// Axes that count from the first or the last, as places in ascending order.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if there is no such axis, or it is named twice.
    package func places(of axes: [Int], in value: Value) throws -> [Int] {
        let rank = value.shape.rank
        let places = axes.map { $0 < 0 ? $0 &+ rank : $0 }
        guard places.allSatisfy((0..<rank).contains), Set(places).count == places.count else {
            throw ConvNetError(
                .argument,
                "A sample has no such axes",
                at: "axes",
                expected: rank == 0
                    ? "none, for there are no axes" : "each once, of 0..<\(rank), or \(-rank)...(-1)",
                received: "\(axes), of a sample of shape \(value.shape)"
            )
        }
        return places.sorted()
    }
}
