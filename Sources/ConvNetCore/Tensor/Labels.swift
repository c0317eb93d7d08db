/// Integer classes, one per sample: what `sparseCategoricalCrossentropy` compares predictions with.
public struct Labels: Hashable, Sendable {
    /// The classes. Int32, for it is what files and losses use.
    public var values: [Int32]

    /// Labels from classes as `Int32`.
    public init(_ values: [Int32]) { self.values = values }

    /// Labels from classes of any integer type.
    ///
    /// - Throws: `ConvNetError` of kind `data` if a value does not fit `Int32`.
    @_disfavoredOverload  // A literal, `Labels([3, 1, 4])`, is of Int32 and does not throw.
    public init(_ values: some Collection<some BinaryInteger>) throws {
        self.values = try values.enumerated().map { place, value in
            guard let label = Int32(exactly: value) else {
                throw ConvNetError(
                    .data,
                    "A label does not fit 32 bits",
                    at: "label \(place)",
                    expected: "\(Int32.min)...\(Int32.max)",
                    received: "\(value)"
                )
            }
            return label
        }
    }

    /// One row per label with a one at the label's place and zeros elsewhere (Keras' `to_categorical`).
    ///
    /// - Throws: `ConvNetError` of kind `data` if a label is not in `0..<classCount`.
    public func oneHot(classCount: Int) throws -> Tensor {
        try Tensor(shape: [values.count, classCount]) { destination in
            for (place, label) in values.enumerated() {
                guard (0..<classCount).contains(Int(label)) else {
                    throw ConvNetError(
                        .data,
                        "A label is out of range",
                        at: "sample \(place)",
                        expected: "a class in 0..<\(classCount)",
                        received: "\(label)"
                    )
                }
                destination[place * classCount + Int(label)] = 1
            }
        }
    }
}

extension Labels: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Int32...) { self.init(elements) }
}

extension Labels: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { values.count }
    public subscript(position: Int) -> Int { Int(values[position]) }
}
