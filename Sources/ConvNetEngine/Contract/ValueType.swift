/// What the elements of a tensor are.
public enum ElementType: String, Sendable, Hashable, Codable, CaseIterable {
    case float32, bfloat16, int8, uint8, int32, int64, bool

    /// The size of an element in bytes.
    public var byteCount: Int {
        switch self {
        case .int64: 8
        case .float32, .int32: 4
        case .bfloat16: 2
        case .int8, .uint8, .bool: 1
        }
    }
}

/// Whether each sample of a batch has a tensor of its own.
public enum Extent: Sendable, Hashable {
    /// Each sample has its own.
    case batched
    /// There is one for all samples, as for a parameter.
    case whole
}

/// What is known of a tensor before it is computed.
public struct ValueType: Sendable, Hashable {
    /// What its elements are.
    public var element: ElementType
    /// The sizes of its axes. The batch is no axis: for a batched tensor, the shape of one sample.
    public var shape: Shape
    /// Whether each sample has its own.
    public var extent: Extent

    /// The type of a tensor.
    public init(_ shape: Shape, _ extent: Extent = .batched, element: ElementType = .float32) {
        self.shape = shape
        self.extent = extent
        self.element = element
    }

    /// Whether each sample has its own.
    public var isBatched: Bool { extent == .batched }

    /// Bytes: of one sample, or of all.
    package var byteCount: Int { shape.elementCount * element.byteCount }
}

/// A tensor whose elements are known before anything runs.
public struct ConstantTensor: Sendable, Hashable {
    /// Shape and elements; a constant is whole.
    public let type: ValueType
    /// The elements, in the byte order of the machine, the last axis fastest.
    public let bytes: [UInt8]

    /// A constant of float32 elements.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if there are not as many elements as the shape has.
    public init(_ elements: [Float], shape: Shape) throws {
        guard try shape.validated(as: "constant").elementCount == elements.count else {
            throw ConvNetError(
                .shape,
                "The elements of a constant do not fill its shape",
                at: "ConstantTensor",
                expected: "\(shape.elementCount) elements, for \(shape)",
                received: "\(elements.count)"
            )
        }
        type = ValueType(shape, .whole)
        bytes = elements.withUnsafeBytes { Array($0) }
    }

    /// The same elements in another shape.
    ///
    /// - Precondition: the shape has as many.
    package func viewed(as shape: Shape) -> ConstantTensor {
        ConstantTensor(type: ValueType(shape, .whole, element: type.element), bytes: bytes)
    }

    /// A constant of whole numbers, or of truth values as 0 and 1: for shapes and indices, which fold when a plan is made.
    ///
    /// - Precondition: there are as many elements as the shape has.
    package init(integers: [Int64], shape: Shape) {
        precondition(integers.count == shape.elementCount, "the elements of a constant fill its shape")
        type = ValueType(shape, .whole, element: .int64)
        bytes = integers.withUnsafeBytes { Array($0) }
    }

    private init(type: ValueType, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }

    /// The elements, if they are float32.
    public var floats: [Float]? {
        guard type.element == .float32 else { return nil }
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    /// The elements, if they are int64.
    package var integers: [Int64]? {
        guard type.element == .int64 else { return nil }
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) }
    }
}

/// A tensor in a network that is being lowered: what an operator puts out, a parameter, a constant, or the input.
public struct Value: Sendable {
    /// Its number in the graph of operators.
    package let id: Int
    /// What is known of it.
    public let type: ValueType
    /// Its elements, if they are known.
    public let constant: ConstantTensor?

    package init(id: Int, type: ValueType, constant: ConstantTensor? = nil) {
        self.id = id
        self.type = type
        self.constant = constant
    }

    /// The sizes of its axes, without the batch.
    public var shape: Shape { type.shape }
}
