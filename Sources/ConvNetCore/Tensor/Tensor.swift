/// An array of `Float` values with a shape, stored contiguously, the last axis fastest.
///
/// Tensors carry data into a model and out of it: they are values, copied when written to. They are not an
/// automatic-differentiation array type.
///
/// ```swift
/// let image = try Tensor([[0, 0.5], [1, 0]]).reshaped(to: [2, 2, 1])
/// print(image.shape, image[0, 1, 0])   // [2, 2, 1] 0.5
/// ```
public struct Tensor: Sendable {
    /// The sizes of the axes, outermost first.
    public let shape: Shape
    private var storage: AlignedBuffer

    /// A tensor of zeros.
    ///
    /// - Throws: `ConvNetError` of kind `shape` for a negative size, or more elements than can be addressed; of kind
    ///   `environment` if there is not enough memory.
    public init(zeros shape: Shape) throws {
        self.shape = try shape.validated(as: "tensor")
        storage = try AlignedBuffer(count: shape.elementCount, for: "a tensor of the shape \(shape)")
    }

    /// A tensor whose elements are written by `initialize`, which receives memory full of zeros.
    ///
    /// - Throws: as `init(zeros:)`, and whatever `initialize` throws.
    public init(shape: Shape, initializingWith initialize: (UnsafeMutableBufferPointer<Float>) throws -> Void)
        throws
    {
        try self.init(zeros: shape)
        try initialize(UnsafeMutableBufferPointer(start: storage.floats, count: shape.elementCount))
    }

    /// A tensor of elements in memory.
    ///
    /// Without enough memory it ends the process, as a copy of an array does.
    ///
    /// - Precondition: the shape is valid and has as many elements.
    package init(copying elements: UnsafeBufferPointer<Float>, shape: Shape) {
        precondition(
            shape.elementCount == elements.count,
            "\(elements.count) elements do not fill the shape \(shape)"
        )
        self.shape = shape
        storage = .forCopy(count: elements.count)
        if let first = elements.baseAddress { storage.floats.update(from: first, count: elements.count) }
    }

    /// Calls `body` with the elements, the last axis fastest.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeBufferPointer(start: storage.floats, count: count))
    }

    /// Calls `body` with the elements, the last axis fastest, to read and to write.
    ///
    /// If another tensor shares them they are copied first; without enough memory that ends the process, as with `Array`.
    public mutating func withUnsafeMutableBufferPointer<Result>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        if !isKnownUniquelyReferenced(&storage) {
            let copy = AlignedBuffer.forCopy(count: count)
            copy.floats.update(from: storage.floats, count: count)
            storage = copy
        }
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeMutableBufferPointer(start: storage.floats, count: count))
    }

    private init(shape: Shape, storage: AlignedBuffer) {
        self.shape = shape
        self.storage = storage
    }

    /// A tensor of the same shape, whose elements `write` makes from these.
    ///
    /// Without enough memory it ends the process, as a copy of an array does.
    func copied(by write: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void) -> Tensor {
        let copy = Tensor(shape: shape, storage: .forCopy(count: count))
        write(storage.floats, copy.storage.floats)
        return copy
    }

    /// The same elements in another shape of equally many; no element is copied.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the number of elements differs.
    public func reshaped(to newShape: Shape) throws -> Tensor {
        guard try newShape.validated(as: "reshape").elementCount == count else {
            throw ConvNetError(
                .shape,
                "A tensor of \(count) elements cannot take the shape \(newShape)",
                at: "reshaped(to:)",
                expected: "a shape with \(count) elements, as \(shape) has",
                received: "\(newShape.elementCount) elements"
            )
        }
        return Tensor(shape: newShape, storage: storage)
    }
}

extension Tensor {
    /// The number of elements.
    public var count: Int { shape.elementCount }

    /// A tensor with every element equal to `value`.
    ///
    /// - Throws: as `init(zeros:)`.
    public init(shape: Shape, repeating value: Float) throws {
        try self.init(shape: shape) { $0.update(repeating: value) }
    }

    /// A tensor of the given elements, the last axis fastest; without a shape it has one axis.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shape asks for another number of elements.
    public init(_ elements: [Float], shape: Shape? = nil) throws {
        let shape = shape ?? [elements.count]
        guard try shape.validated(as: "tensor").elementCount == elements.count else {
            throw ConvNetError(
                .shape,
                "The elements do not fill the shape \(shape)",
                at: "Tensor(_:shape:)",
                expected: "\(shape.elementCount) elements",
                received: "\(elements.count)"
            )
        }
        try self.init(shape: shape) { _ = $0.update(fromContentsOf: elements) }
    }

    /// Tensors of one shape, stacked along a new first axis.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shapes differ.
    public init(stacking parts: [Tensor]) throws {
        let partShape = parts.first?.shape ?? []
        if let (place, odd) = parts.enumerated().first(where: { $0.element.shape != partShape }).map({
            ($0, $1)
        }) {
            throw ConvNetError(
                .shape,
                "Only tensors of one shape can be stacked",
                at: "part \(place)",
                expected: "\(partShape)",
                received: "\(odd.shape)"
            )
        }
        let stride = partShape.elementCount
        try self.init(shape: parts.isEmpty ? [0] : partShape.batched(parts.count)) { destination in
            for (place, part) in parts.enumerated() {
                part.withUnsafeBufferPointer { source in
                    _ = UnsafeMutableBufferPointer(rebasing: destination[(place * stride)...]).update(
                        fromContentsOf: source
                    )
                }
            }
        }
    }

    /// A tensor whose element at each index is what `element` returns for it.
    ///
    /// - Throws: as `init(zeros:)`, and whatever `element` throws.
    public init(shape: Shape, _ element: (_ index: [Int]) throws -> Float) throws {
        try self.init(shape: shape) { destination in
            var index = [Int](repeating: 0, count: shape.rank)
            for place in destination.indices {
                destination[place] = try element(index)
                for axis in shape.indices.reversed() {
                    index[axis] += 1
                    if index[axis] < shape[axis] { break }
                    index[axis] = 0
                }
            }
        }
    }

    /// The elements, the last axis fastest.
    public var elements: [Float] { withUnsafeBufferPointer { Array($0) } }

    /// The element at an index, one number per axis.
    ///
    /// - Precondition: as many numbers as axes, each within its axis, as with `Array`.
    public subscript(index: Int...) -> Float {
        get { withUnsafeBufferPointer { $0[offset(of: index)] } }
        set {
            let offset = offset(of: index)
            withUnsafeMutableBufferPointer { $0[offset] = newValue }
        }
    }

    private func offset(of index: [Int]) -> Int {
        precondition(
            index.count == shape.rank,
            "an index into a tensor of shape \(shape) needs \(shape.rank) numbers"
        )
        var offset = 0
        for (axis, position) in index.enumerated() {
            precondition((0..<shape[axis]).contains(position), "index \(index) is outside the shape \(shape)")
            offset = offset * shape[axis] + position
        }
        return offset
    }

    /// The part of the tensor along its first axis: `images.sliced(10..<20)` is ten images.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the range is not within the first axis.
    public func sliced(_ range: Range<Int>) throws -> Tensor {
        guard let length = shape.first, range.lowerBound >= 0, range.upperBound <= length else {
            throw ConvNetError(
                .shape,
                "A slice outside the tensor",
                at: "sliced(_:)",
                expected: "a range within 0..<\(shape.first ?? 0)",
                received: "\(range)"
            )
        }
        let sample = Shape(Array(shape.dropFirst()))
        let stride = sample.elementCount
        return try Tensor(shape: sample.batched(range.count)) { destination in
            withUnsafeBufferPointer { source in
                _ = destination.update(
                    fromContentsOf: source[(range.lowerBound * stride)..<(range.upperBound * stride)]
                )
            }
        }
    }

    /// The index of the largest element, counting with the last axis fastest; the first of equals.
    ///
    /// `nil` for a tensor without elements. NaN counts as smaller than every number.
    public func argmax() -> Int? {
        withUnsafeBufferPointer { $0.isEmpty ? nil : ConvNetCore.argmax($0) }
    }

    /// The index of the largest element along the last axis, for each place of the others.
    ///
    /// For the probabilities of a classifier, `[sample, class]`, these are the predicted classes.
    public func argmaxOfLastAxis() -> [Int] {
        guard let width = shape.last, width > 0 else { return [] }
        return withUnsafeBufferPointer { elements in
            stride(from: 0, to: elements.count, by: width).map {
                ConvNetCore.argmax(UnsafeBufferPointer(rebasing: elements[$0..<($0 + width)]))
            }
        }
    }
}

/// The place of the largest of at least one value: the first of equals, NaN below every number.
package func argmax(_ values: UnsafeBufferPointer<Float>) -> Int {
    var best = 0
    for place in values.indices.dropFirst() where values[place] > values[best] || values[best].isNaN {
        if !values[place].isNaN { best = place }
    }
    return best
}

extension Tensor: Equatable {
    /// Equal shapes and equal elements; as with `Float`, NaN equals nothing.
    public static func == (a: Tensor, b: Tensor) -> Bool {
        a.shape == b.shape
            && a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in a.elementsEqual(b) } }
    }
}

extension Tensor: CustomStringConvertible {
    /// The shape, and the elements as nested lists; the middle of long axes is left out.
    public var description: String {
        withUnsafeBufferPointer { "Tensor\(shape) \(text(of: $0, axis: 0, from: 0))" }
    }

    private func text(of elements: UnsafeBufferPointer<Float>, axis: Int, from offset: Int) -> String {
        guard axis < shape.rank else { return elements[offset].description }
        let stride = shape.dropFirst(axis + 1).reduce(1, *)
        let length = shape[axis]
        let shown = length <= 8 ? Array(0..<length) : [0, 1, 2, -1, length - 3, length - 2, length - 1]
        let parts = shown.map {
            $0 < 0 ? "..." : text(of: elements, axis: axis + 1, from: offset + $0 * stride)
        }
        return "[" + parts.joined(separator: ", ") + "]"
    }
}
