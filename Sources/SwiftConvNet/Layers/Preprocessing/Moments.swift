/// Means and variances that have been learned of samples.
struct Moments: Sendable, Hashable {
    /// The sizes of the axes that have numbers for each index.
    let shape: Shape
    /// One for each index, the last axis fastest.
    let mean: [Float], variance: [Float]
}

/// Sums over samples, from which their moments follow.
///
/// Sample by sample mean and squared distances are moved on, in double precision, so that large means lose nothing.
///
/// Source: Welford, Note on a method for calculating corrected sums of squares and products, 1962.
struct MomentSums {
    private let shape: Shape
    /// For each element of a sample, the index of its mean.
    private let places: [Int32]
    private var counts: [Double], means: [Double], squares: [Double]

    /// - Parameters:
    ///   - sample: the shape of a sample.
    ///   - axes: its axes with moments for each index, ascending.
    init(_ sample: Shape, axes: [Int]) {
        shape = Shape(axes.map { sample[$0] })
        let strides = axes.indices.map { axis in axes[(axis + 1)...].reduce(1) { $0 * sample[$1] } }
        places = (0..<sample.elementCount).map { element in
            var rest = element, place = 0
            for axis in sample.indices.reversed() {
                let (quotient, index) = rest.quotientAndRemainder(dividingBy: sample[axis])
                rest = quotient
                if let kept = axes.firstIndex(of: axis) { place += index * strides[kept] }
            }
            return Int32(truncatingIfNeeded: place)
        }
        counts = Array(repeating: 0, count: shape.elementCount)
        means = counts
        squares = counts
    }

    /// Adds a sample.
    mutating func add(_ sample: UnsafeBufferPointer<Float>) {
        for (element, value) in sample.enumerated() {
            let place = Int(places[element])
            counts[place] += 1
            let distance = Double(value) - means[place]
            means[place] += distance / counts[place]
            squares[place] += distance * (Double(value) - means[place])
        }
    }

    /// The moments; the variance is divided by the number of values, not by one less.
    var moments: Moments {
        Moments(
            shape: shape,
            mean: means.map { Float($0) },
            variance: zip(squares, counts).map { Float($0 / max($1, 1)) }
        )
    }
}
