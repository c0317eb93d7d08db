/// Some of many values, each standing for as many as its weight says: what quantiles are estimated from.
///
/// Formulas and precisions are those of Keras' `Discretization` (`summarize`, `merge_summaries`, `compress_summary`).
struct QuantileSummary {
    /// How far an estimate may be from its quantile, as a share of all values.
    private let epsilon: Double
    /// Ascending.
    private var values: [Float] = []
    /// For how many values each stands.
    private var weights: [Float] = []

    init(epsilon: Double) { self.epsilon = epsilon }

    /// Adds values.
    ///
    /// - Throws: `ConvNetError` of kind `data` if one of them is NaN.
    mutating func add(_ new: [Float]) throws {
        guard !new.contains(where: \.isNaN) else {
            throw ConvNetError(
                .data,
                "A value to adapt to is NaN",
                expected: "numbers",
                remedy: "Remove or replace it in the data"
            )
        }
        let sorted = new.sorted()
        let step = max(Double(sorted.count) / (1 / epsilon), 1)
        let chosen = stride(from: Int(step - 1), to: sorted.count, by: Int(step)).map { sorted[$0] }
        // The new ones first, as Keras merges them: equal values keep their order.
        let all = zip(chosen + values, Array(repeating: Float(step), count: chosen.count) + weights)
        let merged = all.enumerated().sorted {
            ($0.element.0, $0.offset) < ($1.element.0, $1.offset)
        }
        (values, weights) = compressed(merged.map(\.element.0), merged.map(\.element.1), epsilon)
    }

    /// The values between bins in which equally many values lie.
    ///
    /// - Throws: `ConvNetError` of kind `data` if there are no values.
    func boundaries(bins: Int) throws -> [Float] {
        guard !values.isEmpty else {
            throw ConvNetError(
                .data,
                "There are no values to adapt to",
                expected: "at least 1",
                received: "none"
            )
        }
        return compressed(values, weights, 1 / Double(bins)).values.dropLast()
    }

    /// At most as many values as `epsilon` demands, interpolated between those that there are.
    private func compressed(
        _ values: [Float],
        _ weights: [Float],
        _ epsilon: Double
    ) -> (values: [Float], weights: [Float]) {
        guard Double(values.count) * epsilon >= 1 else { return (values, weights) }
        var sum: Float = 0
        let sums = weights.map { weight in
            sum += weight
            return sum
        }
        let shares = sums.map { Double($0 / sum) }
        let count = Int((1 / epsilon).rounded(.up))
        let targets = (0..<count).map { epsilon + Double($0) * epsilon }
        let exact = values.map(Double.init), exactSums = sums.map(Double.init)
        let chosen = targets.map { interpolate($0, shares, exact) }
        let reached = targets.map { interpolate($0, shares, exactSums) }
        return (
            chosen.map { Float($0) },
            zip(reached, [0] + reached).map { Float($0 - $1) }
        )
    }

    /// NumPy's `interp`: between the points, and the first or last value beyond them.
    private func interpolate(_ x: Double, _ points: [Double], _ values: [Double]) -> Double {
        guard let place = points.lastIndex(where: { $0 <= x }) else { return values[0] }
        guard place + 1 < points.count else { return values[place] }
        let slope = (values[place + 1] - values[place]) / (points[place + 1] - points[place])
        return slope * (x - points[place]) + values[place]
    }
}
