import Foundation

extension Tensor {
    /// The tensor with every vector along an axis divided by its norm (Keras' `utils.normalize`). Vectors of zeros stay.
    ///
    /// ```swift
    /// let directions = try Tensor([[3, 4], [0, 0]]).normalized()   // [[0.6, 0.8], [0, 0]]
    /// ```
    ///
    /// - Parameters:
    ///   - axis: along which the vectors lie; negative numbers count from the end. Default: -1, the last.
    ///   - order: of the norm, the root of that order of the sum of powers; at least 1. Default: 2, the Euclidean norm.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such axis, or the order is less than 1.
    public func normalized(axis: Int = -1, order: Int = 2) throws -> Tensor {
        let place = "normalized(axis:order:)"
        guard order >= 1 else {
            throw ConvNetError(
                .argument,
                "The order of a norm is at least 1",
                at: place,
                expected: "1 or more",
                received: "\(order)"
            )
        }
        let axis = try shape.axes([axis], at: place)[0]
        let length = shape[axis]
        // Between two elements of a vector are the elements of the axes behind.
        let step = Shape(Array(shape.dropFirst(axis + 1))).elementCount
        return try Tensor(shape: shape) { results in
            withUnsafeBufferPointer { values in
                for vector in 0..<(length == 0 ? 0 : count / length) {
                    let first = vector / step * step * length + vector % step
                    let places = stride(from: first, to: first + step * length, by: step)
                    let norm = Self.norm(places.lazy.map { Double(values[$0]) }, order: order)
                    for place in places {
                        results[place] = Float(Double(values[place]) / (norm == 0 ? 1 : norm))
                    }
                }
            }
        }
    }

    private static func norm(_ vector: some Sequence<Double>, order: Int) -> Double {
        switch order {
        case 1: vector.reduce(0) { $0 + abs($1) }
        case 2: vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        default: pow(vector.reduce(0) { $0 + pow(abs($1), Double(order)) }, 1 / Double(order))
        }
    }
}
