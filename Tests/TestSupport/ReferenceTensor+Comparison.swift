import SwiftConvNet

extension ReferenceTensor {
    /// What is wrong with numbers that should be these: `nil` if each lies within `tolerance` of the largest, or of `floor` if all
    /// are smaller than that.
    public func mismatch(with actual: Tensor, tolerance: Double, floor: Double = 1e-2) -> String? {
        guard actual.shape.dimensions == shape else {
            return "the shape is \(actual.shape), expected \(shape)"
        }
        let scale = max(elements.map(abs).max() ?? 0, floor)
        let worst = zip(actual.elements, elements).enumerated().map { place, pair in
            let error = abs(Double(pair.0) - pair.1) / scale
            return (place, error.isNaN ? Double.infinity : error)
        }.max { $0.1 < $1.1 }
        guard let worst else { return nil }
        Deviations.note(worst.1)
        return worst.1 <= tolerance
            ? nil : "[\(worst.0)] is \(actual.elements[worst.0]), expected \(elements[worst.0])"
    }
}
