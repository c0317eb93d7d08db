extension Lowering {
    /// Emits a normalisation over some axes of each sample.
    ///
    /// - Parameters:
    ///   - places: the axes, in order.
    ///   - parameters: gamma and beta, if there are any.
    mutating func normalizeRows(
        _ x: Value,
        along places: [Int],
        by statistic: SampleNormalization.Statistic,
        epsilon: Float,
        _ parameters: [Value] = [],
        scales: Bool = false,
        centers: Bool = false
    ) throws -> Value {
        let normalize = SampleNormalization(
            statistic,
            over: .rows(axes: places.count),
            epsilon: epsilon,
            scales: scales,
            centers: centers
        )
        // The axes of a row come last.
        let others = x.shape.indices.filter { !places.contains($0) }
        return try transposed(x, others + places) { lowering, x in
            try lowering.emit(normalize, [x] + parameters)[0]
        }
    }

    /// Runs some operators on a value with one of its axes as the last.
    mutating func withLastAxis(
        _ place: Int,
        of x: Value,
        _ body: (inout Lowering, Value) throws -> Value
    ) throws -> Value {
        try transposed(x, x.shape.indices.filter { $0 != place } + [place], body)
    }
}

/// - Throws: `ConvNetError` of kind `argument` if what is added to a variance is negative or not finite.
func requireEpsilon(_ epsilon: Float) throws {
    guard epsilon.isFinite, epsilon >= 0 else {
        throw ConvNetError(
            .argument,
            "Not a number to add to a variance",
            at: "epsilon",
            expected: "a finite number of at least 0",
            received: "\(epsilon)"
        )
    }
}
