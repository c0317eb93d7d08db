import SwiftConvNet

/// An array of numbers in double precision, the batch axis first: what the oracles compute with. Slow and plain.
public struct ReferenceTensor: Sendable {
    /// The sizes of the axes.
    public let shape: [Int]
    /// The numbers, the last axis fastest.
    public var elements: [Double]

    /// An array of the given numbers.
    public init(shape: [Int], elements: [Double]) {
        precondition(shape.reduce(1, *) == elements.count, "\(elements.count) elements do not fill \(shape)")
        self.shape = shape
        self.elements = elements
    }

    /// An array of zeros.
    public init(zeros shape: [Int]) {
        self.init(shape: shape, elements: Array(repeating: 0, count: shape.reduce(1, *)))
    }

    /// The values of a tensor.
    public init(_ tensor: Tensor) {
        self.init(shape: tensor.shape.dimensions, elements: tensor.elements.map(Double.init))
    }

    /// The element at an index of four axes: image, row, column, channel.
    public subscript(n: Int, h: Int, w: Int, c: Int) -> Double {
        get { elements[((n * shape[1] + h) * shape[2] + w) * shape[3] + c] }
        set { elements[((n * shape[1] + h) * shape[2] + w) * shape[3] + c] = newValue }
    }

    /// The numbers, each changed by a function.
    public func map(_ function: (Double) -> Double) -> ReferenceTensor {
        ReferenceTensor(shape: shape, elements: elements.map(function))
    }

    /// The same numbers in another shape.
    public func reshaped(_ shape: [Int]) -> ReferenceTensor {
        ReferenceTensor(shape: shape, elements: elements)
    }

    /// The size of the last axis.
    public var channels: Int { shape.last ?? 1 }
}
