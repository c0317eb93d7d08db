import CKernels

extension Tensor {
    /// The sum of all elements, added up in double precision.
    public func sum() -> Float { Float(reduced(CK_STATISTIC_SUM)) }

    /// The mean of all elements; NaN if there are none.
    public func mean() -> Float { Float(reduced(CK_STATISTIC_SUM) / Double(count)) }

    /// The standard deviation of all elements, the root of the mean squared deviation, as NumPy's `std`; NaN if there are none.
    public func standardDeviation() -> Float {
        let mean = reduced(CK_STATISTIC_SUM) / Double(count)
        return Float((reduced(CK_STATISTIC_SQUARED_DEVIATIONS, mean: mean) / Double(count)).squareRoot())
    }

    /// The smallest element; NaN if one is, or there are none.
    public func min() -> Float { count == 0 ? .nan : Float(reduced(CK_STATISTIC_MINIMUM)) }

    /// The largest element; NaN if one is, or there are none.
    public func max() -> Float { count == 0 ? .nan : Float(reduced(CK_STATISTIC_MAXIMUM)) }

    /// The sums along axes, added up in double precision.
    ///
    /// ```swift
    /// let mean = try images.mean(axes: [0, 1, 2])  // one for each channel
    /// let centred = try images - mean
    /// ```
    ///
    /// - Parameters:
    ///   - axes: the axes to sum over; negative numbers count from the end, as -1, the last.
    ///   - keepDims: whether these axes stay, with the size 1. Default: they go.
    /// - Throws: `ConvNetError` of kind `argument` for an axis that there is not.
    public func sum(axes: [Int], keepDims: Bool = false) throws -> Tensor {
        try reduced(axes, keepDims, at: "sum(axes:)") { try $0.sums(of: self) }
    }

    /// The means along axes; as `sum(axes:keepDims:)`.
    public func mean(axes: [Int], keepDims: Bool = false) throws -> Tensor {
        try reduced(axes, keepDims, at: "mean(axes:)") { try $0.means(of: self) }
    }

    /// The standard deviations along axes; as `sum(axes:keepDims:)`.
    public func standardDeviation(axes: [Int], keepDims: Bool = false) throws -> Tensor {
        try reduced(axes, keepDims, at: "standardDeviation(axes:)") { reduction in
            let means = try reduction.means(of: self)
            let squares = try reduction.run(CK_STATISTIC_SQUARED_DEVIATIONS, on: self, from: 0, mean: means)
            return squares.map { ($0 / Double(reduction.length)).squareRoot() }
        }
    }

    /// The smallest elements along axes; as `sum(axes:keepDims:)`. NaN where one is, or there are none.
    public func min(axes: [Int], keepDims: Bool = false) throws -> Tensor {
        try reduced(axes, keepDims, at: "min(axes:)") {
            try $0.run(CK_STATISTIC_MINIMUM, on: self, from: $0.length == 0 ? .nan : .infinity)
        }
    }

    /// The largest elements along axes; as `sum(axes:keepDims:)`. NaN where one is, or there are none.
    public func max(axes: [Int], keepDims: Bool = false) throws -> Tensor {
        try reduced(axes, keepDims, at: "max(axes:)") {
            try $0.run(CK_STATISTIC_MAXIMUM, on: self, from: $0.length == 0 ? .nan : -.infinity)
        }
    }

    private func reduced(_ reduction: ck_statistic, mean: Double = 0) -> Double {
        var result =
            switch reduction {
            case CK_STATISTIC_MINIMUM: Double.infinity
            case CK_STATISTIC_MAXIMUM: -Double.infinity
            default: 0.0
            }
        guard count > 0 else { return result }
        var index = 0
        withUnsafeBufferPointer { values in
            withUnsafePointer(to: mean) {
                ck_accumulate(reduction, values.baseAddress, &result, $0, [0], 1, [count], &index)
            }
        }
        return result
    }

    private func reduced(
        _ axes: [Int],
        _ keepDims: Bool,
        at place: String,
        _ body: (Reduction) throws -> [Double]
    ) throws -> Tensor {
        let reduction = Reduction(shape, over: Set(try shape.axes(axes, at: place)))
        let values = try body(reduction)
        return try Tensor(values, shape: keepDims ? reduction.keptShape : reduction.shape)
    }
}

/// Which axes of a tensor go, and how the results are walked through meanwhile.
private struct Reduction {
    /// The shape of the results.
    let shape: Shape
    /// The same with a size of 1 for each axis that goes.
    let keptShape: Shape
    /// How many elements become one.
    let length: Int
    private let axes: StridedAxes

    init(_ shape: Shape, over removed: Set<Int>) {
        let kept = shape.indices.filter { !removed.contains($0) }
        self.shape = Shape(kept.map { shape[$0] })
        keptShape = Shape(shape.indices.map { removed.contains($0) ? 1 : shape[$0] })
        length = removed.reduce(1) { $0 * shape[$1] }
        let steps = keptShape.steps
        axes = StridedAxes(
            shape.dimensions,
            [shape.steps, shape.indices.map { removed.contains($0) ? 0 : steps[$0] }]
        )
    }

    func sums(of tensor: Tensor) throws -> [Double] { try run(CK_STATISTIC_SUM, on: tensor, from: 0) }

    func means(of tensor: Tensor) throws -> [Double] { try sums(of: tensor).map { $0 / Double(length) } }

    func run(_ reduction: ck_statistic, on tensor: Tensor, from start: Double, mean: [Double] = []) throws
        -> [Double]
    {
        try MemoryCheck.require(
            shape.elementCount * MemoryLayout<Double>.stride,
            for: "a reduction to the shape \(shape)"
        )
        var results = [Double](repeating: start, count: shape.elementCount)
        guard !axes.isEmpty else { return results }
        var index = axes.index
        tensor.withUnsafeBufferPointer { values in
            results.withUnsafeMutableBufferPointer { results in
                mean.withUnsafeBufferPointer { mean in
                    ck_accumulate(
                        reduction,
                        values.baseAddress,
                        results.baseAddress,
                        mean.baseAddress,
                        axes.steps[1],
                        axes.sizes.count,
                        axes.sizes,
                        &index
                    )
                }
            }
        }
        return results
    }
}
