/// A function of whole samples that a closure computes, one sample after the other: for operators that are rare in networks, which
/// have no kernel of their own. It has a backward pass if it gets a closure for that, too.
struct PlainOperator: Operator {
    /// What the closure reads and writes: for each operand and each output the first element of a sample.
    struct Memory {
        let inputs: UnsafePointer<UnsafePointer<Float>>
        let outputs: UnsafePointer<UnsafeMutablePointer<Float>>
        /// As many numbers as the operator has asked for; their content is what was left there.
        let scratch: UnsafeMutablePointer<Float>
    }

    /// What the closure of the backward pass reads, and what it adds to.
    struct Gradients {
        /// The operands and the outputs, as far as the backward pass says that it reads them.
        let inputs: UnsafePointer<UnsafePointer<Float>>
        let outputs: UnsafePointer<UnsafeMutablePointer<Float>>
        /// The gradient of the first output. The others have none.
        let output: UnsafePointer<Float>
        /// For each operand its gradient, to which the closure adds; `nil` where it is not needed.
        let operands: UnsafePointer<UnsafeMutablePointer<Float>?>
        /// As in the forward pass.
        let scratch: UnsafeMutablePointer<Float>
    }

    /// The backward pass.
    struct Backward: Sendable {
        /// The operands whose gradients it makes.
        let operands: Set<Int>
        let reads: BackwardReads
        let add: @Sendable (Gradients) -> Void

        init(
            _ operands: Set<Int>,
            reads: BackwardReads = .inputs,
            add: @escaping @Sendable (Gradients) -> Void
        ) {
            self.operands = operands
            self.reads = reads
            self.add = add
        }

        /// Of outputs that do not change with a small change of these operands: gradients of 0.
        static func constant(_ operands: Set<Int>) -> Backward { Backward(operands, reads: []) { _ in } }
    }

    private let outputShapes: [Shape]
    private let scratchCount: Int
    private let backward: Backward?
    private let body: @Sendable (Memory) -> Void

    /// - Parameters:
    ///   - outputs: their shapes.
    ///   - scratch: how many numbers the closures keep meanwhile.
    ///   - backward: the backward pass; `nil` if there is none. Default `nil`.
    init(
        outputs: [Shape],
        scratch: Int = 0,
        backward: Backward? = nil,
        _ body: @escaping @Sendable (Memory) -> Void
    ) {
        outputShapes = outputs
        scratchCount = scratch
        self.backward = backward
        self.body = body
    }

    func outputs(for inputs: [ValueType]) -> [ValueType] { outputShapes.map { ValueType($0) } }

    var differentiableInputs: Set<Int>? { backward?.operands ?? [] }

    func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]? {
        for shape in outputShapes { _ = try shape.validated(as: "output") }
        let operands = inputs.compactMap(\.floats)
        guard operands.count == inputs.count, scratchCount <= Literal.countLimit,
            outputShapes.allSatisfy({ $0.elementCount <= Literal.countLimit })
        else { return nil }
        // One piece of memory, whose parts stay where they are meanwhile.
        let counts = operands.map(\.count) + outputShapes.map(\.elementCount) + [scratchCount]
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(counts.reduce(0, +), 1))
        defer { memory.deallocate() }
        memory.initialize(repeating: 0, count: counts.reduce(0, +))
        var places: [UnsafeMutablePointer<Float>] = [], next = memory
        for count in counts {
            places.append(next)
            next += count
        }
        for (operand, place) in zip(operands, places) {
            place.update(from: operand, count: operand.count)
        }
        let outputs = Array(places[operands.count..<(places.count - 1)])
        places.prefix(operands.count).map { UnsafePointer($0) }.withUnsafeBufferPointer { inputs in
            outputs.withUnsafeBufferPointer { outputs in
                guard let first = inputs.baseAddress, let result = outputs.baseAddress else { return }
                body(Memory(inputs: first, outputs: result, scratch: places[places.count - 1]))
            }
        }
        return try zip(outputShapes, outputs).map { shape, place in
            try ConstantTensor(
                Array(UnsafeBufferPointer(start: place, count: shape.elementCount)),
                shape: shape
            )
        }
    }

    func kernel(at site: Site) -> any Kernel {
        PlainKernel(
            inputSteps: site.inputs.map { $0.isBatched ? $0.shape.elementCount : 0 },
            outputSteps: outputShapes.map(\.elementCount),
            needsGradient: site.needsGradient,
            numbers: scratchCount,
            back: backward,
            body: body
        )
    }
}
