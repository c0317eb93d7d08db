/// A tensor of the file that is known before anything runs.
struct KnownTensor: Sendable {
    /// Where its elements are.
    enum Content: Sendable {
        case file(TensorProto)
        case literal(Literal)
        /// All elements are one number: of a weight that a node makes from its shape.
        case uniform(Double, ONNXType, dims: [Int])
    }

    let content: Content
    /// Whether it is an initializer of the graph, or made of one, rather than a constant among the nodes.
    let isInitializer: Bool
    /// The weight whose elements it has, in another order or shape.
    var origin: String?

    var type: ONNXType {
        switch content {
        case .file(let proto): proto.type
        case .literal(let literal): literal.type
        case .uniform(_, let type, _): type
        }
    }

    var dims: [Int] {
        switch content {
        case .file(let proto): proto.dims
        case .literal(let literal): literal.dims
        case .uniform(_, _, let dims): dims
        }
    }

    var count: Int { dims.reduce(1, *) }

    /// The elements as a literal.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if a few bytes of the file would become very many elements.
    func literal(in folder: String) throws -> Literal {
        if case .uniform = content, count > Literal.countLimit {
            throw ConvNetError(
                .argument,
                "A tensor of equal elements is too large for what reads it",
                expected: "at most \(Literal.countLimit) elements, or a layer of which it is a weight",
                received: "\(dims)"
            )
        }
        return switch content {
        case .file(let proto): Literal(proto.type, proto.dims, try proto.numbers(in: folder))
        case .literal(let literal): literal
        case .uniform(let number, let type, let dims):
            Literal(type, dims, Array(repeating: number, count: count))
        }
    }

    /// Writes the elements, as many as `count` says, to memory.
    func copy(in folder: String, to elements: UnsafeMutableBufferPointer<Float>) throws {
        switch content {
        case .file(let proto): try proto.copy(in: folder, to: elements)
        case .literal(let literal): _ = elements.update(fromContentsOf: literal.floats)
        case .uniform(let number, _, _): elements.update(repeating: Float(number))
        }
    }
}
