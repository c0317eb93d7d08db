/// A function of whole samples that a closure computes, one sample after the other: for operators that are rare in networks, which
/// have no kernel of their own. There is no way back.
struct PlainOperator: Operator {
    /// What the closure reads and writes: for each operand and each output the first element of a sample.
    struct Memory {
        let inputs: UnsafePointer<UnsafePointer<Float>>
        let outputs: UnsafePointer<UnsafeMutablePointer<Float>>
        /// As many numbers as the operator has asked for; their content is what was left there.
        let scratch: UnsafeMutablePointer<Float>
    }

    private let outputShapes: [Shape]
    private let scratchCount: Int
    private let body: @Sendable (Memory) -> Void

    /// - Parameters:
    ///   - outputs: their shapes.
    ///   - scratch: how many numbers the closure keeps meanwhile.
    init(outputs: [Shape], scratch: Int = 0, _ body: @escaping @Sendable (Memory) -> Void) {
        outputShapes = outputs
        scratchCount = scratch
        self.body = body
    }

    func outputs(for inputs: [ValueType]) -> [ValueType] { outputShapes.map { ValueType($0) } }

    var differentiableInputs: Set<Int>? { [] }

    func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]? {
        let operands = inputs.compactMap(\.floats)
        guard operands.count == inputs.count,
            outputShapes.allSatisfy({ $0.elementCount <= Literal.countLimit })
        else { return nil }
        // One piece of memory, whose parts stay where they are meanwhile.
        let counts = operands.map(\.count) + outputShapes.map(\.elementCount) + [scratchCount]
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(counts.reduce(0, +), 1))
        defer { memory.deallocate() }
        var places: [UnsafeMutablePointer<Float>] = [], next = memory
        for count in counts {
            places.append(next)
            next += count
        }
        for (operand, place) in zip(operands, places) {
            place.initialize(from: operand, count: operand.count)
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
            numbers: scratchCount,
            body: body
        )
    }
}

/// Runs the closure of a `PlainOperator`.
private struct PlainKernel: Kernel {
    /// Elements from one sample to the next; 0 for what all samples share.
    let inputSteps: [Int], outputSteps: [Int]
    /// How many numbers the closure keeps.
    let numbers: Int
    let body: @Sendable (PlainOperator.Memory) -> Void

    /// The addresses of operands and outputs, and then the closure's numbers.
    var scratch: Int {
        (inputSteps.count + outputSteps.count) * MemoryLayout<UnsafeRawPointer>.stride
            + numbers * MemoryLayout<Float>.stride
    }

    func forward() -> [Stage] {
        [
            Stage(.samples) { context in
                let inputs = context.scratch.bindMemory(
                    to: UnsafePointer<Float>.self,
                    capacity: inputSteps.count
                )
                let outputs = UnsafeMutableRawPointer(inputs + inputSteps.count).bindMemory(
                    to: UnsafeMutablePointer<Float>.self,
                    capacity: outputSteps.count
                )
                let scratch = UnsafeMutableRawPointer(outputs + outputSteps.count).bindMemory(
                    to: Float.self,
                    capacity: numbers
                )
                for sample in 0..<context.count {
                    for (index, step) in inputSteps.enumerated() {
                        inputs[index] = context.input(index) + sample * step
                    }
                    for (index, step) in outputSteps.enumerated() {
                        outputs[index] = context.output(index) + sample * step
                    }
                    body(PlainOperator.Memory(inputs: inputs, outputs: outputs, scratch: scratch))
                }
            }
        ]
    }

    func backward() -> [Stage] { [] }
}
