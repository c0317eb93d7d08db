extension Lowering {
    /// The axes in another order: Keras' `ops.transpose`, for the axes of a sample.
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - axes: for each axis of the result, that of `value`, counted from 0 without the batch axis; negative ones count from
    ///     the last. Default `nil`: in reverse.
    /// - Throws: `ConvNetError` of kind `argument` if these are not all axes, each once.
    public mutating func transpose(_ value: Value, axes: [Int]? = nil) throws -> Value {
        let rank = value.shape.rank
        let order = try axes?.map { try axis($0, of: value) } ?? Array((0..<rank).reversed())
        guard order.sorted() == Array(0..<rank) else {
            throw ConvNetError(
                .argument,
                "Not an order of all axes",
                at: "axes",
                expected: "each of \(Array(0..<rank)) once, for \(value.shape)",
                received: "\(axes ?? [])"
            )
        }
        return try move(value, StridedMap(value.shape).permuted(order))
    }

    /// A part of each axis: Keras' `ops.slice`, with steps.
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - startIndices: for each axis of a sample, the first index; negative ones count from the end.
    ///   - shape: for each axis, how many elements are taken, at least 1.
    ///   - steps: for each axis, the distance from one to the next; negative ones go backwards. Default 1 each.
    /// - Throws: `ConvNetError` of kind `argument` if an axis lacks one of these numbers, or does not have these elements.
    public mutating func slice(
        _ value: Value,
        startIndices: [Int],
        shape: Shape,
        steps: [Int]? = nil
    ) throws -> Value {
        let sizes = value.shape, steps = steps ?? sizes.map { _ in 1 }
        guard startIndices.count == sizes.rank, shape.rank == sizes.rank, steps.count == sizes.rank else {
            throw ConvNetError(
                .argument,
                "A slice takes a number for each axis",
                at: "startIndices, shape, steps",
                expected: "\(sizes.rank) each, for \(sizes)",
                received: "\(startIndices), \(shape), \(steps)"
            )
        }
        var map = StridedMap(sizes)
        for axis in sizes.indices {
            let size = sizes[axis], count = shape[axis], step = steps[axis]
            let start = startIndices[axis] < 0 ? startIndices[axis] &+ size : startIndices[axis]
            let (way, isHuge) = (count &- 1).multipliedReportingOverflow(by: step)
            let (end, isBeyond) = start.addingReportingOverflow(way)
            guard (0..<size).contains(start), (1...size).contains(count), step != 0, !isHuge, !isBeyond,
                (0..<size).contains(end)
            else {
                throw ConvNetError(
                    .argument,
                    "An axis does not have these elements",
                    at: "axis \(axis)",
                    expected: "indices in 0..<\(size), at least one, and a step other than 0",
                    received: "\(count) from \(startIndices[axis]) on, \(step) apart"
                )
            }
            map = map.sliced(axis, from: start, by: step, count: count)
        }
        return try move(value, map)
    }

    /// A border of a constant: Keras' `ops.pad` with mode "constant".
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - padWidth: for each axis of a sample, the elements before and behind, at least 0 each.
    ///   - constantValue: what they are. Default 0.
    /// - Throws: `ConvNetError` of kind `argument` if an axis lacks its numbers, or one is out of its range.
    public mutating func pad(
        _ value: Value,
        padWidth: [(before: Int, after: Int)],
        constantValue: Float = 0
    ) throws -> Value {
        let allowed = 0...largestSize
        guard padWidth.count == value.shape.rank,
            padWidth.allSatisfy({ allowed.contains($0.before) && allowed.contains($0.after) })
        else {
            throw ConvNetError(
                .argument,
                "A border has two widths for each axis",
                at: "padWidth",
                expected: "\(value.shape.rank) pairs of numbers in 0...\(largestSize), for \(value.shape)",
                received: "\(padWidth.map { "(\($0.before), \($0.after))" })"
            )
        }
        var map = StridedMap(value.shape)
        for (axis, width) in padWidth.enumerated() {
            map = map.padded(axis, before: width.before, after: width.after)
        }
        return try move(value, map, fill: constantValue)
    }

    /// The elements in reverse: Keras' `ops.flip`.
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - axes: along which, counted from 0 without the batch axis; negative ones count from the last. Default `nil`: all.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such axis.
    public mutating func flip(_ value: Value, axes: [Int]? = nil) throws -> Value {
        let places = try axes?.map { try axis($0, of: value) } ?? Array(value.shape.indices)
        return try move(value, Set(places).sorted().reduce(StridedMap(value.shape)) { $0.flipped($1) })
    }

    /// The whole of it, several times along each axis: Keras' `ops.tile`.
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - repeats: for each axis of a sample, how many times, at least 1.
    /// - Throws: `ConvNetError` of kind `argument` if an axis lacks its number, or one is out of its range; of kind `shape` if
    ///   the result does not fit in memory.
    public mutating func tile(_ value: Value, repeats: [Int]) throws -> Value {
        guard repeats.count == value.shape.rank else {
            throw ConvNetError(
                .argument,
                "Each axis has a number of repeats",
                at: "repeats",
                expected: "\(value.shape.rank) numbers, for \(value.shape)",
                received: "\(repeats)"
            )
        }
        var map = StridedMap(value.shape)
        for (axis, count) in repeats.enumerated() {
            try requireSize(count, as: "repeats")
            map = map.tiled(axis, count)
        }
        return try move(value, map)
    }

    /// Each element several times in a row along an axis: Keras' `ops.repeat`.
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - repeats: how many times, at least 1.
    ///   - axis: counted from 0 without the batch axis; a negative one counts from the last.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such axis, or `repeats` is out of its range; of kind `shape`
    ///   if the result does not fit in memory.
    public mutating func repeated(_ value: Value, repeats: Int, axis: Int) throws -> Value {
        try requireSize(repeats, as: "repeats")
        let place = try self.axis(axis, of: value)
        return try move(value, StridedMap(value.shape).repeated(place, repeats))
    }

    /// Equal parts along an axis: Keras' `ops.split` with a number of sections.
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - sections: how many parts, at least 1; the axis must be divisible by it.
    ///   - axis: counted from 0 without the batch axis; a negative one counts from the last. Default 0.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such axis, or it cannot be divided so.
    public mutating func split(_ value: Value, sections: Int, axis: Int = 0) throws -> [Value] {
        let place = try self.axis(axis, of: value), size = value.shape[place]
        guard (1...size).contains(sections), size % sections == 0 else {
            throw ConvNetError(
                .argument,
                "An axis cannot be divided so",
                at: "sections",
                expected: "a divisor of \(size), the size of axis \(place) of \(value.shape)",
                received: "\(sections)"
            )
        }
        return try emit(Split(axis: place, sizes: Array(repeating: size / sections, count: sections)), value)
    }

    /// Parts along an axis: Keras' `ops.split` with indices.
    ///
    /// - Parameters:
    ///   - value: of any shape.
    ///   - indices: where the second and each further part begins, ascending.
    ///   - axis: counted from 0 without the batch axis; a negative one counts from the last. Default 0.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such axis, or a part would be empty.
    public mutating func split(_ value: Value, indices: [Int], axis: Int = 0) throws -> [Value] {
        let place = try self.axis(axis, of: value), size = value.shape[place]
        let ends = indices + [size]
        guard zip([0] + indices, ends).allSatisfy({ $0 < $1 }) else {
            throw ConvNetError(
                .argument,
                "An axis cannot be divided so",
                at: "indices",
                expected: "ascending indices in 1..<\(size), for axis \(place) of \(value.shape)",
                received: "\(indices)"
            )
        }
        return try emit(Split(axis: place, sizes: zip([0] + indices, ends).map { $1 - $0 }), value)
    }

    /// Images in another size: Keras' `ops.image.resize`, without regard to the aspect ratio.
    ///
    /// - Parameters:
    ///   - value: images `[height, width, channels]`.
    ///   - size: height and width of the result, at least 1 each.
    ///   - interpolation: how pixels between pixels are made. Default `.bilinear`.
    ///   - antialias: whether pixels of a smaller image are means over all that they stand for. Default `false`. Nearest
    ///     neighbours know no difference.
    /// - Throws: `ConvNetError` of kind `shape` if these are no images, of kind `argument` if a size is out of its range.
    public mutating func resize(
        _ value: Value,
        size: Size2D,
        interpolation: Interpolation = .bilinear,
        antialias: Bool = false
    ) throws -> Value {
        try size.validate(as: "size")
        let resize = Resize(
            height: size.height,
            width: size.width,
            interpolation,
            antialias: antialias
        )
        return try emit(resize, value)[0]
    }

    /// A copy along a map.
    package mutating func move(_ value: Value, _ map: StridedMap, fill: Float = 0) throws -> Value {
        try emit(Move(map, fill: fill), value)[0]
    }

    /// The index of an axis of a sample.
    private func axis(_ axis: Int, of value: Value) throws -> Int {
        let rank = value.shape.rank
        guard (-rank..<rank).contains(axis) else {
            throw ConvNetError(
                .argument,
                "There is no such axis",
                at: "axis",
                expected: rank == 0
                    ? "none, for a single number" : "-\(rank)...\(rank - 1), for \(value.shape)",
                received: "\(axis)"
            )
        }
        return axis < 0 ? axis + rank : axis
    }
}
