/// Where an optimizer's arrays lie in one buffer: slot after slot, each parameter's beginning on a cache line.
struct SlotLayout {
    /// One array.
    struct Slot {
        /// The name in files: `optimizer/momentum/conv2d/kernel`.
        let name: String
        /// The index of the parameter among those that the optimizer changes.
        let entry: Int
        let shape: Shape
        /// In elements, from the beginning of the buffer.
        let offset: Int

        var range: Range<Int> { offset..<(offset + shape.elementCount) }
    }

    let slots: [Slot]
    /// For each parameter, the index in `slots` of each of its arrays; `nil` for one that it does not have.
    let places: [[Int?]]
    /// Elements of the buffer.
    let count: Int

    /// - Parameter parameters: those that the optimizer changes.
    init(_ optimizer: any Optimizer, _ rule: UpdateRule, for parameters: [OptimizedParameter]) throws {
        let line = AlignedBuffer.alignment / MemoryLayout<Float>.stride
        var slots: [Slot] = []
        var places = [[Int?]](repeating: [], count: parameters.count)
        var end = 0
        func add(_ name: String, _ shape: (OptimizedParameter) -> Shape?) throws {
            for (index, parameter) in parameters.enumerated() {
                guard let shape = try shape(parameter)?.validated(as: "slot \(name)") else {
                    places[index].append(nil)
                    continue
                }
                places[index].append(slots.count)
                let name = "optimizer/\(name)/\(parameter.name)"
                slots.append(Slot(name: name, entry: index, shape: shape, offset: end))
                end += (shape.elementCount + line - 1) / line * line
            }
        }
        for (index, name) in optimizer.slots.enumerated() {
            try add(name) {
                optimizer.granularity == .elements ? $0.shape : optimizer.slotShape(index, of: $0)
            }
        }
        for name in rule.slots { try add(name) { $0.shape } }
        self.slots = slots
        self.places = places
        count = end
    }
}
