import Foundation
import SwiftConvNet

/// How far two arrays of one shape are apart.
struct Difference {
    /// The largest absolute difference; infinite if one has a NaN or infinity where the other has not.
    let largest: Double
    /// The largest absolute value of both.
    let scale: Double
    /// Whether one of them has a finite value: without any, they agree and prove nothing.
    let hasNumbers: Bool

    /// The largest difference as a share of the largest value; 0 for two arrays of zeros.
    var relative: Double { largest == 0 ? 0 : scale > 0 ? largest / scale : .infinity }

    init(_ first: Tensor, _ second: Tensor) {
        var largest = 0.0, scale = 0.0, hasNumbers = first.shape.elementCount == 0
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                for (a, b) in zip(first, second) {
                    let isSame = a == b || a.isNaN && b.isNaN
                    let difference = isSame ? 0 : abs(Double(a) - Double(b))
                    largest = max(largest, difference.isNaN ? .infinity : difference)
                    for value in [a, b] where value.isFinite {
                        scale = max(scale, abs(Double(value)))
                        hasNumbers = true
                    }
                }
            }
        }
        self.largest = largest
        self.scale = scale
        self.hasNumbers = hasNumbers
    }

    /// A number with three digits.
    static func text(_ value: Double) -> String { String(format: "%.3g", value) }
}

extension Tensor {
    /// The tensor in another shape that a batch may have: the same, without or with axes of size 1, or with channels first in place of
    /// last, or the other way round; `nil` if it cannot have it.
    ///
    /// - Parameter sample: the shape of a sample to have.
    func fitted(to sample: Shape) throws -> Tensor? {
        guard let count = shape.first else { return nil }
        let own = shape.dimensions.dropFirst()
        if Array(own) == sample.dimensions { return self }
        if own.filter({ $0 != 1 }) == sample.filter({ $0 != 1 }) {
            return try reshaped(to: sample.batched(count))
        }
        guard own.count == sample.rank, sample.rank >= 2 else { return nil }
        let last = shape.rank - 1
        let channelsFirst = [0, last] + Array(1..<last), channelsLast = [0] + Array(2...last) + [1]
        for order in [channelsFirst, channelsLast]
        where order.dropFirst().map({ shape[$0] }) == sample.dimensions {
            return try transposed(order)
        }
        return nil
    }
}
