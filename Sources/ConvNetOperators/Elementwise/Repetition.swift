/// How a small operand fills a sample: an axis of size 1 stands for all places along it.
struct Repetition: Sendable {
    /// Elements of the small operand, and of a sample.
    let count: Int, sampleCount: Int
    /// The element of the operand at each place of a sample; `nil` if the operand repeats as a whole, so that place i has
    /// element i % `count`.
    let places: [Int32]?

    /// - Precondition: the shapes have one rank, and each size of `small` is 1 or that of `sample`.
    init(of small: Shape, in sample: Shape) {
        count = small.elementCount
        sampleCount = sample.elementCount
        // What is stretched stands before all that is not.
        let inner = small.drop { $0 == 1 }
        guard !inner.elementsEqual(sample.suffix(inner.count)) else {
            places = nil
            return
        }
        var places: [Int32] = [0]
        var stride = count
        for (size, stretched) in zip(small, sample) {
            stride /= size
            let step = size == 1 ? 0 : Int32(stride)
            places = places.flatMap { start in (0..<Int32(stretched)).map { start + $0 * step } }
        }
        self.places = places
    }
}

/// Checks that the elements of a sample can be counted by a table of places.
///
/// - Throws: `ConvNetError` of kind `shape` if there are too many.
func requirePlaces(for shape: Shape, of what: String) throws {
    guard shape.elementCount <= Int(Int32.max) else {
        throw ConvNetError(
            .shape,
            "A sample has too many elements for \(what)",
            expected: "at most \(Int32.max)",
            received: "\(shape.elementCount), of \(shape)"
        )
    }
}
