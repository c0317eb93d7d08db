import CKernels

extension Tensor {
    /// A part of the tensor: a range along each of the first axes, all of the others.
    ///
    /// ```swift
    /// let first = try images[0..<10]               // ten images
    /// let corners = try images[0..., 0..<8, 0..<8]  // the upper left corner of each
    /// ```
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there are more ranges than axes, or one is not within its axis.
    public subscript(_ first: any AxisRange, _ others: any AxisRange...) -> Tensor {
        get throws {
            let ranges = [first] + others
            guard ranges.count <= shape.rank else {
                throw ConvNetError(
                    .shape,
                    "A slice has more ranges than the tensor has axes",
                    at: "Tensor[...]",
                    expected: "at most \(shape.rank), for the shape \(shape)",
                    received: "\(ranges.count)"
                )
            }
            var sizes = shape.dimensions
            var start = 0
            let steps = shape.steps
            for (axis, range) in ranges.enumerated() {
                let lower = range.firstIndex ?? 0, upper = range.endOfIndices ?? shape[axis]
                guard lower >= 0, lower <= upper, upper <= shape[axis] else {
                    throw ConvNetError(
                        .shape,
                        "A slice outside the tensor",
                        at: "Tensor[...], axis \(axis)",
                        expected: "a range within 0..<\(shape[axis])",
                        received: "\(range)"
                    )
                }
                sizes[axis] = upper - lower
                start += lower * steps[axis]
            }
            return try strided(sizes, steps: steps, from: start)
        }
    }

    /// The tensor with its axes in another order; without one they are reversed, so that rows of a matrix become columns.
    ///
    /// ```swift
    /// let channelsLast = try images.transposed([0, 2, 3, 1])
    /// ```
    ///
    /// - Parameter order: for each axis of the result, the axis of this tensor; negative numbers count from the end.
    /// - Throws: `ConvNetError` of kind `argument` if the order does not name each axis once.
    public func transposed(_ order: [Int]? = nil) throws -> Tensor {
        let axes = try order.map { try shape.axes($0, at: "transposed(_:)") } ?? shape.indices.reversed()
        guard axes.count == shape.rank else {
            throw ConvNetError(
                .argument,
                "An order names each axis once",
                at: "transposed(_:)",
                expected: "\(shape.rank) axes, for the shape \(shape)",
                received: "\(order ?? [])"
            )
        }
        let steps = shape.steps
        return try strided(axes.map { shape[$0] }, steps: axes.map { steps[$0] }, from: 0)
    }

    /// Tensors one after the other along an axis; `init(stacking:)` makes a new axis instead.
    ///
    /// - Parameters:
    ///   - parts: at least one; their sizes along the other axes are equal.
    ///   - axis: the axis along which they follow one another; negative numbers count from the end. Default: 0.
    /// - Throws: `ConvNetError` of kind `shape` if the shapes do not fit, of kind `argument` if there is no such axis, or no part.
    public init(concatenating parts: [Tensor], axis: Int = 0) throws {
        guard let first = parts.first?.shape else {
            throw ConvNetError(
                .argument,
                "There is nothing to concatenate",
                at: "Tensor(concatenating:axis:)",
                expected: "at least 1 tensor",
                received: "0"
            )
        }
        let axis = try first.axes([axis], at: "Tensor(concatenating:axis:)")[0]
        func others(_ shape: Shape) -> [Int] {
            Array(shape.dimensions[..<axis]) + shape.dimensions[(axis + 1)...]
        }
        for (place, part) in parts.enumerated() {
            guard part.shape.rank == first.rank, others(part.shape) == others(first) else {
                throw ConvNetError(
                    .shape,
                    "Tensors can only be concatenated if their other sizes are equal",
                    at: "part \(place)",
                    expected: "\(first), save for axis \(axis)",
                    received: "\(part.shape)"
                )
            }
        }
        var sizes = first.dimensions
        sizes[axis] = 0
        for part in parts {
            let (sum, overflow) = sizes[axis].addingReportingOverflow(part.shape[axis])
            sizes[axis] = overflow ? .max : sum
        }
        let shape = try Shape(sizes).validated(as: "concatenated tensors")
        try self.init(shape: shape) { result in
            guard var destination = result.baseAddress else { return }
            for part in parts {
                let axes = StridedAxes(part.shape.dimensions, [part.shape.steps, shape.steps])
                part.copy(axes, from: 0, to: destination)
                destination += part.shape[axis] * shape.steps[axis]
            }
        }
    }

    /// The parts of the tensor along its first axis at indices, in their order: the samples of a batch, say.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if an index is not within the first axis.
    public func gathered(_ indices: [Int]) throws -> Tensor {
        let count = shape.first ?? 0
        if let odd = indices.first(where: { !(0..<count).contains($0) }) {
            throw ConvNetError(
                .shape,
                "An index is outside the tensor",
                at: "gathered(_:)",
                expected: "0..<\(count)",
                received: "\(odd)"
            )
        }
        let part = Shape(Array(shape.dropFirst()))
        let length = part.elementCount
        return try Tensor(shape: part.batched(indices.count)) { result in
            guard let destination = result.baseAddress else { return }
            withUnsafeBufferPointer { source in
                guard let source = source.baseAddress else { return }
                for (place, index) in indices.enumerated() {
                    (destination + place * length).update(from: source + index * length, count: length)
                }
            }
        }
    }

    /// The parts along the first axis in random order. Tensors and `Labels` of one length, shuffled by one seed, are in one order.
    ///
    /// ```swift
    /// let (x, y) = (try images.shuffled(seed: 1), Labels(labels).shuffled(seed: 1))
    /// ```
    ///
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    public func shuffled(seed: UInt64) throws -> Tensor {
        try shape.isEmpty ? self : gathered(RandomStream.order(of: shape[0], seed: seed))
    }

    /// The tensor in two parts along its first axis, the second one from an index on.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the index is not in `0...` the number of parts.
    public func split(at index: Int) throws -> (Tensor, Tensor) { (try self[..<index], try self[index...]) }

    private func strided(_ sizes: [Int], steps: [Int], from start: Int) throws -> Tensor {
        let shape = Shape(sizes)
        return try Tensor(shape: shape) { result in
            guard let destination = result.baseAddress else { return }
            copy(StridedAxes(sizes, [steps, shape.steps]), from: start, to: destination)
        }
    }

    private func copy(_ axes: StridedAxes, from start: Int, to destination: UnsafeMutablePointer<Float>) {
        withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            axes.copy(source + start, to: destination)
        }
    }

    /// Copies the elements of an array of `shape` with its axes in another order, without memory of its own.
    ///
    /// - Parameter order: for each axis of the result, the axis of the array.
    /// - Precondition: the order names each axis once.
    package static func copy(
        _ source: UnsafePointer<Float>,
        _ shape: Shape,
        transposed order: [Int],
        to destination: UnsafeMutablePointer<Float>
    ) {
        let steps = shape.steps, sizes = order.map { shape[$0] }
        StridedAxes(sizes, [order.map { steps[$0] }, Shape(sizes).steps]).copy(source, to: destination)
    }
}

extension StridedAxes {
    /// Copies the first array to the second.
    fileprivate func copy(_ source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>) {
        guard !isEmpty else { return }
        var index = index
        ck_copy_strided(source, steps[0], destination, steps[1], sizes.count, sizes, &index)
    }
}

extension RandomStream {
    /// The order in which data of this length are shuffled by a seed. The epochs of `fit` have other orders: the first is 1.
    package static func order(of count: Int, seed: UInt64) -> [Int] {
        var random = RandomStream(seed: seed, purpose: .shuffle, 0)
        return random.permutation(of: count)
    }
}
